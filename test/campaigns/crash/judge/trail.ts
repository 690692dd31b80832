import type { Operation } from '../scenes/operations.js';
import type { Expectation, Progress } from './expectation.js';
import type { Facts } from './facts.js';

/** What took effect is told, and as what it is; what is told as done is done; nothing is told as done twice. */
export function trailProblems({ operation, before }: Expectation, facts: Facts, progress: Progress): string[] {
  const { audited } = operation;
  const subjects = subjectsOf(operation);
  const told = facts.audit
    .slice(before.audit.length)
    .filter(({ text }) => subjects.some((subject) => text.includes(subject)));
  const own = told.filter(({ what }) => what === audited);
  const done = own.filter(({ outcome }) => outcome === 'done');
  const problems: string[] = [];
  if (subjects.length > 0 && progress !== 'before' && told.length === 0)
    problems.push(`${audited} took effect, but the audit trail does not tell of it.`);
  if (progress === 'after' && done.length === 0 && own.length > 0)
    problems.push(`${audited} took effect, but the audit trail tells of it as ${own.at(-1)?.outcome}.`);
  if (done.length > 0 && progress !== 'after' && !operation.parts)
    problems.push(`The audit trail tells of ${audited} as done, but it is not.`);
  if (done.length > Math.max(1, operation.gone.length))
    problems.push(`The audit trail tells of ${audited} as done ${done.length} times.`);
  return problems;
}

/** What a record may name the operation by. */
function subjectsOf({ routes, fresh, gone, act }: Operation): string[] {
  const asked = 'release' in act ? [act.release] : [];
  return [...Object.keys(routes), ...fresh.map(({ release }) => release), ...gone, ...asked];
}
