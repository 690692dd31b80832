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

export function severityOf(reply: Reply): Severity {
  if (reply.outcome === 'result') return null;
  const { errorClass, errorCode } = reply;
  const known = errorClass === null ? undefined : OF_CLASS.get(errorClass);
  if (known !== undefined) return known;
  return errorCode === TIMEOUT ? 'recoverable' : null;
}
