import { fault, showValue } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import { isExecuteOnly } from '../../package/index.js';
import { CAPABILITIES, readErrorFrame } from '../../protocol/index.js';
import type { Hello, Message } from '../../protocol/index.js';
import type { PendingCall } from '../calls.js';
import type { Evidence } from './evidence.js';
import { settingHint } from '../../../machines/setting-hint.js';

/** Messages of one process that nobody waits for: so many at once, so many per second in the long run. */
export const UNASKED = { burst: 10_000, perSecond: 1_000 };
/** A large message counts for as many as would fill it. */
export const unaskedUnits = (bytes: number): number => 1 + (bytes >>> 12);

/** An `error` frame in place of hello, or of the answer to `info`. */
export function startRefused(key: string, message: Message, evidence: Evidence): Fault {
  const { message: text, errorCode, errorClass } = readErrorFrame(message);
  const code = errorCode === null ? '' : ` ${errorCode}`;
  const hint = whatIsMissing(text);
  return fault('start_failed', `${key} refused to start with error${code}: ${text}`, {
    ...(hint === undefined ? {} : { hint }),
    details: { error_code: errorCode, error_class: errorClass, ...evidence },
  });
}

/** The two that most starts fail of on a host, where they worked on the author's machine. */
function whatIsMissing(text: string): string | undefined {
  const [, library] = /(?:^|[\s:])(\S+\.so\S*): cannot open shared object file/.exec(text) ?? [];
  if (library !== undefined)
    return `Install the library ${library} on this host, name its folder by LD_LIBRARY_PATH in \`environment\` of the settings, or package a wheel that brings it (opencv-python-headless needs no libGL).`;
  const [, module] = /No module named '([^']+)'/.exec(text) ?? [];
  if (module === undefined) return undefined;
  return `Pin what brings ${module} in requirements.txt and ship its wheel; where it is a file of the package, import it by its place from the root (\`from folder import ${module}\`, \`from . import ${module}\`).`;
}

/** An adapter of the execute-only SDK, by what its hello says. */
export function executeOnly(key: string, { sdkVersion, capabilities }: Hello): Fault | null {
  const byVersion = sdkVersion !== null && isExecuteOnly(sdkVersion);
  const announces = (what: string): boolean => capabilities.includes(what);
  if (!byVersion && !(announces('execute') && !announces(CAPABILITIES.info))) return null;
  const what = byVersion ? `SDK ${sdkVersion}` : 'an adapter that announces execute without info';
  return fault('sdk_unsupported', `${key} runs through ${what}, of the execute-only SDK.`, {
    details: { sdk_version: sdkVersion, capabilities },
  });
}

export const callUnsendable = (what: string): Fault =>
  fault('invalid_params', what, {
    hint: 'Keep parameters, context and session state small and plain; images travel through shared memory.',
  });

export const noAnswer = (key: string, { phase, deadlineMs, pid, fields }: PendingCall, evidence: Evidence): Fault =>
  fault('timeout', `${key} did not answer ${phase} within ${deadlineMs} ms.`, {
    hint: settingHint(
      'See in its log what takes so long; if the work honestly does, give it more time',
      `timings.${phase === 'pre' ? 'preMs' : 'executeMs'}`,
    ),
    details: { phase, deadline_ms: deadlineMs, step_index: fields.stepIndex, pid, ...evidence },
  });

export const inputUnread = (key: string, bytes: number): Fault =>
  fault('protocol_fault', `${key} does not read its standard input: ${bytes} bytes sent to it still wait there.`, {
    hint: 'An algorithm reads each call before it answers it; the SDK adapter does.',
  });

export const floodOfMessages = (key: string, { type }: Message): Fault =>
  fault('protocol_fault', `${key} floods its standard output with messages nobody asked for, now ${showValue(type)}.`, {
    hint: `Send one answer per call; beside them, ${UNASKED.burst} messages at once and ${UNASKED.perSecond} per second are put up with.`,
  });
