import { toFault } from '../../../../src/base/errors/index.js';
import type { Runner } from '../../../../src/index.js';
import type { Ended, Step } from './job.js';

/** The one place that knows how each step is asked of a Runner. */
export async function perform(runner: Runner, step: Step): Promise<Ended> {
  try {
    await ask(runner, step);
    return { do: step.do, fault: null };
  } catch (error) {
    const { code, message } = toFault(error);
    return { do: step.do, fault: { code, message } };
  }
}

function ask(runner: Runner, step: Step): Promise<unknown> {
  switch (step.do) {
    case 'install':
      return runner.install(step.zip, { target: step.target });
    case 'activate':
      return runner.activate(step.release, step.pids);
    case 'deactivate':
      return runner.deactivate(step.pids);
    case 'switch':
      return runner.switch(step.pids, step.release, { until: 'committed' });
    case 'rollback':
      return runner.rollback(step.pid, { until: 'committed' });
    case 'confirm':
      return runner.confirm(step.pids);
    case 'uninstall':
      return runner.uninstall(step.release, { force: step.force });
    case 'prune':
      return runner.prune({ keep: step.keep, remove: true });
    case 'close':
      return runner.close();
  }
}
