import { runTask, task, TaskExceeded } from '../../base/workers/index.js';
import type { Problem } from '../manifest/manifest.js';
import { mustMatch } from './check-value.js';
import type { HardCheck, HardRule } from './findings.js';

const TASK = task<readonly Problem[]>(import.meta.url, './hard-checks-task.js', 'answerHardChecks', {
  timeMs: 2_000,
  inputSizeMax: 16 * 1024 * 1024,
});

/** Asks in a thread what has no answer in bounded time; one that takes too long is a problem of its values. */
export async function askHardChecks(checks: readonly HardCheck[], owner: string): Promise<readonly Problem[]> {
  try {
    return await runTask(TASK, JSON.stringify(checks), { owner });
  } catch (error) {
    if (!(error instanceof TaskExceeded)) throw error;
    return checks.flatMap(({ rule, cases }) =>
      cases.map(({ pointer }) => ({ pointer, message: unanswered(rule, error.told) })),
    );
  }
}

const unanswered = (rule: HardRule, told: string): string =>
  'pattern' in rule
    ? `${mustMatch(rule.pattern)}, which takes too long to tell`
    : `must fit its schema, which cannot be told: checking it ${told}`;
