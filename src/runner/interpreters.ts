import { RunnerError } from '../errors/index.js';
import { discoverInterpreters } from '../package/index.js';
import type { Interpreter } from '../package/index.js';
import { rememberFor } from './remember-for.js';

const KEPT_MS = 30_000;

/** Looks for interpreters when asked, and again when that was a while ago. */
export const interpretersAmong = (candidates: readonly string[] | undefined): (() => Promise<readonly Interpreter[]>) =>
  rememberFor(KEPT_MS, () => findInterpreters(candidates));

async function findInterpreters(candidates: readonly string[] | undefined): Promise<readonly Interpreter[]> {
  const found = await discoverInterpreters(candidates === undefined ? {} : { candidates });
  if (found.length > 0) return found;
  throw new RunnerError('host_unfit', 'No Python interpreter was found on this machine.', {
    hint: 'Install Python 3.10 or newer with pip; `procvision doctor` shows what the Runner sees.',
  });
}
