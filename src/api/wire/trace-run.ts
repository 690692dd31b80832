import { z } from 'zod';
import type { RunLife } from '../../runner/status/run-life.js';
import type { TraceRun } from '../../trace/index.js';
import { isoTime, list, texts, time } from './common.js';
import { runLifeWire, wireLife } from './run-life.js';

/** One run of a store; null where its files cannot be understood. */
export const traceRunWire = z.strictObject({
  run: z.string(),
  started_at: time.nullable(),
  /** Version of the Runner. */
  runner: z.string().nullable(),
  first_seq: z.int().nullable(),
  records: z.int().nullable(),
  bytes: z.int(),
  closed: z.boolean(),
  runner_life: runLifeWire,
  gaps: list(z.strictObject({ before_seq: z.int(), missing: z.int(), since: time, reason: z.string() })),
  problem: z.string().nullable(),
  /** In the order they were written. */
  files: texts,
});
export type TraceRunWire = z.infer<typeof traceRunWire>;

export const wireTraceRun = ({ life, ...run }: TraceRun & { readonly life: RunLife }): TraceRunWire => ({
  run: run.run,
  started_at: isoTime(run.startedMs),
  runner: run.runnerVersion,
  first_seq: run.firstSeq,
  records: run.records,
  bytes: run.bytes,
  closed: run.end === 'closed',
  runner_life: wireLife(life),
  gaps: run.gaps.map(({ beforeSeq, missing, since, reason }) => ({ before_seq: beforeSeq, missing, since, reason })),
  problem: run.problem,
  files: run.files,
});
