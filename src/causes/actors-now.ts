import { statSync } from 'node:fs';
import { faultIn, STANDING, walkBlocks } from '../trace/index.js';
import type { SeenFault } from '../trace/index.js';
import type { ActorHistory } from './causal-history.js';
import { CausalHistory } from './causal-history.js';
import type { CauseNode } from './cause-node.js';
import { withoutDailyWork } from './daily-work.js';
import { sentenceOf } from './sentences.js';

/** Where an actor of a run stands as of the last record, and what its machine knows. */
export interface ActorNow {
  readonly actor: string;
  readonly machine: string;
  readonly state: string;
  /** Unix milliseconds; null: it stands there longer than the files that were read go back. */
  readonly sinceMs: number | null;
  /** What brought it there; null likewise. */
  readonly last: { readonly atMs: number; readonly sentence: string; readonly fault: SeenFault | null } | null;
  readonly context: Readonly<Record<string, unknown>>;
}

/** A file beyond this is old, or of a Runner that rotates late: the last one is read all the same. */
const BYTES_MAX = 4 * 1024 * 1024;

/**
 * The actors that live in a run, as its last files tell; each file begins with where everybody stood.
 *
 * @param files of one run, in order
 * @throws RunnerError as readRun
 */
export async function actorsNow(files: readonly string[]): Promise<readonly ActorNow[]> {
  const history = new CausalHistory();
  for await (const records of walkBlocks(lastOf(files), { choose: withoutDailyWork }))
    for (const record of records) history.take(record);
  return [...history.system.actors].map(([actor, { machine, shown }]): ActorNow => {
    const { state, context } = shown;
    const known = history.actors.get(actor);
    const told = known === undefined ? null : toldOf(known);
    return {
      ...{ actor, machine, state, context: context as ActorNow['context'] },
      sinceMs: told?.record.timeMs ?? null,
      last: told === null ? null : saying(told),
    };
  });
}

function lastOf(files: readonly string[]): readonly string[] {
  let bytes = 0;
  const from = files.findLastIndex((file, i) => {
    bytes += statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    return i < files.length - 1 && bytes > BYTES_MAX;
  });
  return files.slice(from + 1);
}

/** The record that brought it to where it stays or is on its way to, or the fault that came later. */
function toldOf({ entered, moved, faulted, state }: ActorHistory): CauseNode | null {
  const brought = state === entered.record.after ? entered : moved;
  const told = faulted !== null && faulted.record.seq > brought.record.seq ? faulted : brought;
  return told.record.event === STANDING ? null : told;
}

function saying({ record }: CauseNode): NonNullable<ActorNow['last']> {
  const { fault } = record.data as { readonly fault?: unknown };
  return { atMs: record.timeMs, sentence: sentenceOf(record), fault: fault === null ? null : faultIn(record) };
}
