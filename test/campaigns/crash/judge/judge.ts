import { agreement, progressOf, rollbackProblems, routeProblems } from './changes.js';
import type { Expectation, Progress } from './expectation.js';
import type { Facts } from './facts.js';
import { releaseProblems } from './releases.js';
import { trailProblems } from './trail.js';

export interface Verdict {
  readonly progress: Progress;
  /** Sentences; none: the store is consistent. */
  readonly problems: readonly string[];
}

/** A record that a kill cut short is kept, as is every end of the trail that is no record. */
const CUT_TRAIL = /^logs-audit\.jsonl\.[0-9a-f]{12}$/;

/**
 * Judges a store at rest after an operation was cut short and the Runner was started again.
 *
 * @param acknowledged the caller was told that it is done, so it has to be
 */
export function judge(expectation: Expectation, facts: Facts, acknowledged: boolean): Verdict {
  const progress = progressOf(expectation, facts);
  const aside = facts.aside.filter((name) => !CUT_TRAIL.test(name));
  return {
    progress,
    problems: [
      ...routeProblems(expectation, facts),
      ...rollbackProblems(expectation, facts),
      ...releaseProblems(expectation, facts),
      ...agreement(expectation, facts),
      ...(acknowledged && progress !== 'after' ? ['The operation was acknowledged, but it is not done.'] : []),
      ...trailProblems(expectation, facts, progress),
      ...facts.leftovers.map((path) => `${path} was left behind.`),
      ...aside.map((name) => `${name} was set aside, though nobody laid a bad file there.`),
    ],
  };
}
