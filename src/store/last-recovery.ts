import { z } from 'zod';
import { readRecent } from './audit/index.js';
import type { Audit } from './audit/index.js';
import { nodeFileSystem } from './durable/index.js';
import type { FileSystem } from './durable/index.js';
import type { RecoveredOperation } from './journal/index.js';
import type { StoreLayout } from './layout.js';
import type { StoreProblem } from './problem.js';

/**
 * What the last recovery that had anything to do found and did.
 *
 * @property at ISO 8601
 * @property aside names in `aside/` of what it kept there
 * @property leftOut how many operations, problems and names were too many for the trail
 */
export interface LastRecovery extends RecoverySummary {
  readonly at: string;
  readonly leftOut: number;
}

/** What the Runner that recovered found out about its host before it opened the store. */
export interface RecoveringHost {
  /** How sure it is that no algorithm of a dead Runner lives on. */
  readonly isolation: string;
  /** Image segments a dead Runner had left. */
  readonly segmentsReclaimed: number;
}

export interface RecoverySummary {
  readonly host: RecoveringHost | null;
  readonly operations: readonly RecoveredOperation[];
  readonly problems: readonly StoreProblem[];
  readonly aside: readonly string[];
}

const WHAT = 'store.recovered';
/** Well below the longest line of the trail. */
const BUDGET_BYTES = 48 * 1024;

/** One record for all of it; nothing found is not worth one. @throws RunnerError store_io_failed */
export async function recordRecovery(audit: Audit, summary: RecoverySummary): Promise<void> {
  const { host } = summary;
  const all = [...summary.operations, ...summary.problems, ...summary.aside];
  if (all.length === 0 && (host === null || host.segmentsReclaimed === 0)) return;
  let left = BUDGET_BYTES;
  const fitting = <T>(items: readonly T[]): T[] => items.filter((item) => (left -= bytesOf(item)) >= 0);
  const kept = {
    operations: fitting(summary.operations),
    problems: fitting(summary.problems),
    aside: fitting(summary.aside),
  };
  const told = host === null ? {} : { host: { isolation: host.isolation, segments_reclaimed: host.segmentsReclaimed } };
  const left_out = all.length - kept.operations.length - kept.problems.length - kept.aside.length;
  const outcome = summary.problems.some(({ done }) => done === null) ? 'problems' : 'done';
  await audit.append({
    who: 'recovery',
    what: WHAT,
    subject: 'store',
    outcome,
    details: { ...kept, ...told, left_out },
  });
}

const summarySchema = z.object({
  operations: z.array(
    z.object({
      id: z.number(),
      what: z.string(),
      who: z.string(),
      subject: z.string(),
      outcome: z.enum(['finished', 'undone', 'unfinished']),
    }),
  ),
  problems: z.array(
    z.object({ what: z.string(), subject: z.string(), message: z.string(), done: z.string().nullable() }),
  ),
  aside: z.array(z.string()),
  host: z.object({ isolation: z.string(), segments_reclaimed: z.number() }).optional(),
  left_out: z.number(),
});

/**
 * Looked up in the last megabytes of the audit trail; needs no lock and writes nothing.
 * @returns undefined when there was nothing to do for so long
 * @throws RunnerError store_io_failed
 */
export async function readLastRecovery(
  layout: StoreLayout,
  fs: FileSystem = nodeFileSystem,
): Promise<LastRecovery | undefined> {
  const trail = await readRecent(layout.audit, { mark: `"${WHAT}"` }, fs);
  for (const { what, at, details } of [...trail].reverse()) {
    const result = what === WHAT ? summarySchema.safeParse(details) : undefined;
    if (result?.success !== true) continue;
    const { left_out: leftOut, problems, host, ...rest } = result.data;
    const recoveredBy =
      host === undefined ? null : { isolation: host.isolation, segmentsReclaimed: host.segments_reclaimed };
    return { at, ...rest, problems: problems as StoreProblem[], host: recoveredBy, leftOut };
  }
  return undefined;
}

function bytesOf(item: unknown): number {
  return Buffer.byteLength(JSON.stringify(item)) + 1;
}
