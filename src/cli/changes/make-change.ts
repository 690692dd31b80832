import type { ChangeOptions, ChangeReport, ChangeStep } from '../../api/results.js';
import type { LocalApi } from '../../api/local-api.js';
import type { RunnerApi } from '../../api/runner-api.js';
import { RunnerError } from '../../base/errors/index.js';
import type { Context } from '../context.js';
import { timingsOf } from '../deadlines.js';
import type { DeadlineOptions } from '../deadlines.js';

/**
 * Makes a change of routes. Interrupted before its commit, it is called off; after it, what the command still waited for
 * is left to the next Runner on the store.
 *
 * @throws RunnerError why nothing was changed
 */
export function makeChange(
  context: Context,
  ask: (api: RunnerApi, options: Pick<ChangeOptions, 'signal' | 'onProgress'>) => Promise<ChangeReport>,
  deadlines: DeadlineOptions = {},
): Promise<ChangeReport> {
  const { signal } = context;
  const work = async (api: LocalApi): Promise<ChangeReport> => {
    let isCommitted = false;
    const leave = (): void => void (isCommitted && signal.aborted && api.close());
    signal.addEventListener('abort', leave);
    const onProgress = (step: ChangeStep): void => {
      context.progress(step.pid === null ? step.stage : `${step.pid}: ${step.stage}`);
      if (step.stage !== 'Committed') return;
      isCommitted = true;
      leave();
    };
    try {
      return await ask(api, { signal, onProgress });
    } catch (error) {
      throw calledOff(error) ?? error;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  };
  return context.withRunner(work, { endsByItself: true, ...timingsOf(deadlines) });
}

function calledOff(error: unknown): RunnerError | null {
  if (!(error instanceof RunnerError) || error.faultName !== 'operation_cancelled') return null;
  const { faultName, message, hint, details } = error;
  return new RunnerError(faultName, `${message} Nothing was changed.`, { hint, details, cause: error });
}
