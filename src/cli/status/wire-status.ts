import type { StatusReport } from '../../index.js';

/** The answer of `status` as programs get it. */
export const wireStatus = ({ ok, at, runner, pids, amiss }: StatusReport): object => ({
  ok,
  at,
  runner: {
    life: runner.life,
    os_pid: runner.osPid,
    host: runner.host,
    since: runner.since,
    run: runner.run,
    message: runner.message,
  },
  pids: pids.map(({ pid, bound, serving, state, since, onProbation, last, amiss: what }) => ({
    ...{ pid, bound, serving, state, since, on_probation: onProbation, last, amiss: what },
  })),
  amiss,
});
