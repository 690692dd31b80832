import { RunnerError } from '../../base/errors/index.js';
import { surveyInterpreters, withSystemPackages } from '../../package/index.js';
import type { Interpreter } from '../../package/index.js';
import type { InterpreterPolicy } from '../options/options.js';
import { rememberFor } from './remember-for.js';

const KEPT_MS = 30_000;

export type Candidates = readonly (string | InterpreterPolicy)[] | undefined;

/** Looks for interpreters when asked, and again when that was a while ago. */
export const interpretersAmong = (candidates: Candidates): (() => Promise<readonly Interpreter[]>) =>
  rememberFor(KEPT_MS, () => findInterpreters(candidates));

/** @throws RunnerError host_unfit when there is none; invalid_usage for one whose packages cannot be used */
export async function findInterpreters(candidates: Candidates): Promise<readonly Interpreter[]> {
  const policies = candidates?.map((each) => (typeof each === 'string' ? { path: each } : each));
  const paths = policies?.map(({ path }) => path);
  const { interpreters, rejected } = await surveyInterpreters(paths === undefined ? {} : { candidates: paths });
  if (interpreters.length === 0) throw noInterpreter(rejected);
  const isOpen = ({ path }: Interpreter): boolean =>
    policies?.some((policy) => policy.path === path && policy.systemPackages === true) === true;
  return Promise.all(interpreters.map(async (found) => (isOpen(found) ? withSystemPackages(found) : found)));
}

function noInterpreter(rejected: readonly { readonly path: string; readonly reason: string }[]): RunnerError {
  const told = rejected.slice(0, 3).map(({ path, reason }) => `${path}: ${reason}`);
  const why = told.length === 0 ? '' : ` ${told.join('; ')}.`;
  return new RunnerError('host_unfit', `No Python interpreter was found on this machine.${why}`, {
    hint: 'Install Python 3.10 or newer with pip; `procvision doctor` shows what the Runner sees.',
    details: { rejected },
  });
}
