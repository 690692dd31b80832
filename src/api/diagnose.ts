import { RunnerError, toFault } from '../base/errors/index.js';
import { storeChecks } from '../runner/doctor/checks.js';
import { inspectHost } from '../runner/doctor/host-checks.js';
import type { HostCheck, HostReport } from '../runner/doctor/host-checks.js';
import { spaceChecks } from '../runner/doctor/space.js';
import { inspectStore } from '../runner/doctor/store-checks.js';
import type { StoreReport } from '../runner/doctor/store-checks.js';
import { readSettings } from '../runner/options/settings/read-settings.js';
import type { Settings } from '../runner/options/settings/settings-schema.js';
import { traceCheck } from '../runner/status/trace-check.js';

/** @property checks those of the host and those of the store */
export interface Diagnosis extends HostReport {
  readonly store: StoreReport;
}

/** Looks at the host and at a store. Never throws: what cannot be read is among what it found. */
export async function diagnose(root: string, progress: (stage: string) => void): Promise<Diagnosis> {
  progress('looking at the host and the store');
  const settings = await settingsOf(root);
  const [host, store, space, trace] = await Promise.all([
    inspectHost(settings.interpreters === undefined ? {} : { interpreters: settings.interpreters }),
    inspectStore(root, (release) => progress(`comparing the files of ${release}`)),
    spaceChecks(root),
    traceCheck(root),
  ]);
  const checks = [...host.checks, ...settings.checks, ...space, ...storeChecks(store), ...trace];
  return { ...host, checks, ok: checks.every(({ result }) => result !== 'failed'), store };
}

/** What the next Runner on the store would take from them. */
async function settingsOf(store: string): Promise<{
  readonly interpreters?: Settings['interpreters'];
  readonly checks: readonly HostCheck[];
}> {
  try {
    const { settings, exists } = await readSettings(store);
    const told = exists ? [{ name: 'settings', result: 'passed', message: 'settings.json is right' } as const] : [];
    const { interpreters } = settings;
    return { ...(interpreters === undefined ? {} : { interpreters }), checks: told };
  } catch (error) {
    const { message, hint = 'See `procvision settings check`.' } = toFault(error);
    return { checks: [{ name: 'settings', result: 'failed', message, hint }] };
  }
}

export function unfit(checks: readonly HostCheck[]): RunnerError {
  const failed = checks.filter(({ result }) => result === 'failed');
  const hint = failed[0]?.hint;
  const missing = failed.map(({ name, message }) => `${name}: ${message}`).join(' ');
  return new RunnerError('host_unfit', `Missing: ${missing}`, hint === undefined ? {} : { hint });
}
