import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RunnerError } from '../base/errors/index.js';
import { MOVE_AWAY } from './corrupt.js';
import { parseTraceName, tracePath } from './file-names.js';
import type { TraceGap, TraceHeader, TraceRecord } from './schema.js';

/** Event of what is no record of a delivery: what is missing before a file. */
export const GAP = 'trace.gap';

/** What is missing before a file: it could not be written, or was written and is not there any more. */
export interface FoundGap extends TraceGap {
  readonly isLost?: boolean;
}

/** As a record of its own, with the number of the last one missing. */
export function gapRecord(header: TraceHeader, gap: FoundGap): TraceRecord {
  const { from_seq: fromSeq, since, reason: message, isLost = false } = gap;
  const fault = isLost ? { code: '3018', name: 'store_corrupt' } : { code: '3027', name: 'trace_interrupted' };
  return {
    seq: header.first_seq - 1,
    atUs: header.at_us,
    timeMs: Date.parse(header.started_at),
    actor: 'runner',
    machine: 'runner',
    event: GAP,
    data: { missing: header.first_seq - fromSeq, reason: { ...fault, message }, since },
    before: '?',
    after: '?',
  };
}

/** The file of a run that was read before. */
export interface ReadBefore {
  readonly file: string;
  readonly run: string;
  readonly lastSeq: number;
}

/**
 * What is missing between a file of a run and the one read before it; null: nothing.
 *
 * @throws RunnerError store_corrupt when the file is none of the run, or holds what was read already
 */
export async function gapBefore(
  file: string,
  header: TraceHeader,
  before: ReadBefore | null,
): Promise<FoundGap | null> {
  const { gap, first_seq: first, run, part } = header;
  if (before === null) return gap ?? null;
  const next = before.lastSeq + 1;
  if (run !== before.run || first < next) {
    const what = run === before.run ? `part ${part} of its run again` : `part ${part} of the run ${run}`;
    throw new RunnerError(
      'store_corrupt',
      `${file} is not what its name says: it holds ${what}, from record ${first} on.`,
      {
        hint: `Somebody copied or renamed it. ${MOVE_AWAY}`,
        details: { file, run, part, first_seq: first },
      },
    );
  }
  if (gap !== undefined) return { ...gap, from_seq: Math.min(gap.from_seq, next) };
  if (first === next) return null;
  return { from_seq: next, since: header.started_at, reason: await lossBetween(before.file, file), isLost: true };
}

/** What became of the files between two of one run. */
async function lossBetween(before: string, file: string): Promise<string> {
  const [from, to] = [parseTraceName(before).part + 1, parseTraceName(file).part - 1];
  if (from > to) return `part ${to} was cut off`;
  const stats = await lstat(tracePath(dirname(file), parseTraceName(file).run, from)).catch(() => null);
  if (stats?.isSymbolicLink() === true) return `part ${from} is a symbolic link, which is not read`;
  return from === to ? `part ${from} was removed` : `parts ${from} to ${to} were removed`;
}
