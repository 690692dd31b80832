import type { TraceRecord } from '../../index.js';

/** How a record looks with `--json`. */
export const wireRecord = ({ seq, atUs, timeMs, actor, machine, event, data, before, after }: TraceRecord) => ({
  seq,
  at_us: atUs,
  time: new Date(timeMs).toISOString(),
  actor,
  machine,
  event,
  before,
  after,
  data,
});
