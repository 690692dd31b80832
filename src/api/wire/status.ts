import { z } from 'zod';
import type { StatusReport } from '../../causes/index.js';
import { list, texts, time } from './common.js';

/** Whether all is well on a store now. */
export const statusWire = z.strictObject({
  ok: z.boolean(),
  at: time,
  runner: z.strictObject({
    life: z.enum(['working', 'stopped', 'silent', 'elsewhere', 'killed', 'none']),
    os_pid: z.int().nullable(),
    host: z.string().nullable(),
    since: time.nullable(),
    run: z.string().nullable(),
    message: z.string(),
  }),
  pids: list(
    z.strictObject({
      pid: z.string(),
      bound: z.string().nullable(),
      serving: z.string().nullable(),
      state: z.string(),
      since: time.nullable(),
      on_probation: z.boolean(),
      last: z.strictObject({ at: time, what: z.string() }).nullable(),
      amiss: z.string().nullable(),
    }),
  ),
  /** `next`: the words after `procvision` that explain it, or mend it. */
  amiss: list(z.strictObject({ subject: z.string(), what: z.string(), next: texts.nullable() })),
});
export type StatusWire = z.infer<typeof statusWire>;

export const wireStatus = ({ ok, at, runner, pids, amiss }: StatusReport): StatusWire => ({
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
  pids: pids.map((each) => ({
    pid: each.pid,
    bound: each.bound,
    serving: each.serving,
    state: each.state,
    since: each.since,
    on_probation: each.onProbation,
    last: each.last,
    amiss: each.amiss,
  })),
  amiss,
});
