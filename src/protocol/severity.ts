import type { Reply } from './reply.js';

/**
 * What an answer says about trying again (contract §6):
 *
 * - `fatal`: the process has to be replaced, and the call is not tried again
 * - `recoverable`: another attempt may succeed
 * - null: neither; the answer stands
 */
export type Severity = 'fatal' | 'recoverable' | null;

/** The SDK's exceptions; the class decides where it is one of them. */
const OF_CLASS: ReadonlyMap<string, Severity> = new Map([
  ['FatalError', 'fatal'],
  ['RecoverableError', 'recoverable'],
  ['GPUOutOfMemoryError', null],
  ['ProgramError', null],
]);
const TIMEOUT = '1005';

/** Errors about what was asked; the process that says so is sound. */
const OF_THE_CALLER: ReadonlySet<string | null> = new Set(['1001', '1002', '1006', '1007']);

/** Whether an answer speaks against the process it came from, when others like it follow. */
export const isFailure = (reply: Reply): boolean =>
  reply.outcome === 'error' && !OF_THE_CALLER.has(reply.errorCode) && reply.fault.code !== '1002';

export function severityOf(reply: Reply): Severity {
  if (reply.outcome === 'result') return null;
  const { errorClass, errorCode } = reply;
  const known = errorClass === null ? undefined : OF_CLASS.get(errorClass);
  if (known !== undefined) return known;
  return errorCode === TIMEOUT ? 'recoverable' : null;
}
