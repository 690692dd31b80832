import { RunnerError } from '../base/errors/index.js';
import { unknownRelease } from '../runner/status/unknown-names.js';
import { createRunner } from '../runner/runner.js';
import type { Runner } from '../runner/runner.js';
import type { RunnerOptions } from '../runner/options/options.js';
import { storeLayout } from '../store/index.js';
import type { RunnerApi } from './runner-api.js';
import { readsOf } from './store-reads.js';

/** The interface on a Runner of this process. */
export interface LocalApi extends RunnerApi, Pick<Runner, 'problems' | 'close'> {}

/** Opens a Runner on a store. @throws RunnerError as createRunner */
export async function openApi(options: RunnerOptions): Promise<LocalApi> {
  return apiOf(await createRunner(options), options.store);
}

/** @param store path of the store that the Runner was opened on */
export const apiOf = (runner: Runner, store: string): LocalApi => ({
  ...readsOf(store),
  list: () => Promise.resolve({ ...runner.list(), problems: [], livingOsPid: process.pid }),
  processes: () => Promise.resolve(runner.processes()),
  routeOf: (pid) => asynchronous(() => runner.routeOf(pid)),
  operations: () => Promise.resolve(runner.operations()),
  cancel: (operationId) => asynchronous(() => runner.cancel(operationId)),

  install: (zip, asked) => runner.install(zip, asked),
  activate: (release, pids, asked) => runner.activate(release, pids, asked),
  deactivate: (pids, asked) => runner.deactivate(pids, asked),
  switch: (pids, release, asked) => runner.switch(pids, release, asked),
  rollback: (pid, asked) => runner.rollback(pid, asked),
  confirm: (pids, asked) => runner.confirm(pids, asked),
  start: (release, asked) => runner.start(release, asked),
  stop: (release, asked) => runner.stop(release, asked),
  async recheck(release, asked) {
    const { releases } = runner.list();
    const view = releases.find((each) => each.release === release);
    if (view === undefined)
      throw unknownRelease(
        release,
        releases.map((each) => each.release),
      );
    if (view.state !== 'Invalid')
      throw new RunnerError(
        'operation_conflict',
        `${release} is ${view.state}; only a release that is Invalid is checked again.`,
        {
          hint: 'To have it checked all the same, validate its zip in algorithms/zips.',
        },
      );
    return runner.install(storeLayout(store).zip(view.zip), { target: 'Deployed', ...asked });
  },
  uninstall: (release, asked) => runner.uninstall(release, asked),
  scan: () => runner.scan(),
  prune: (asked) => runner.prune(asked),

  detect: (options) => runner.detect(options),
  openFlow: (options) => asynchronous(() => runner.openFlow(options)),

  get problems() {
    return runner.problems;
  },
  close: (options) => runner.close(options),
});

/** What fails at once fails as if the Runner were elsewhere. */
const asynchronous = <T>(work: () => T): Promise<T> => Promise.resolve().then(work);
