import { procLink, procNumbers, processStat, STAT_BYTES_MAX } from './proc.js';
import type { ProcessStat } from './proc.js';

/** One line of the operating system's process table: what it takes to know its tree and what it uses. */
export type ProcessRow = Pick<ProcessStat, 'parent' | 'group' | 'cpuTicks' | 'residentPages'>;

export type ProcessTable = ReadonlyMap<number, ProcessRow>;

/** Rows read before others get their turn: reading one takes the kernel some 15 µs, and calls must not wait for all. */
const ROWS_PER_TURN = 16;

/** All processes of this host; empty where /proc cannot be read. Those that come or go meanwhile may be missing. */
export async function readProcessTable(): Promise<ProcessTable> {
  const table = new Map<number, ProcessRow>();
  const room = Buffer.allocUnsafe(STAT_BYTES_MAX);
  for (const [i, osPid] of procNumbers('.').entries()) {
    if (i % ROWS_PER_TURN === ROWS_PER_TURN - 1) await nextTurn();
    const row = processStat(osPid, room);
    if (row !== undefined) table.set(osPid, row);
  }
  return table;
}

/** Whether this host tells what its processes use: there is a /proc, and it counts processes as this one does. */
export const resourceWatchWorks = (): boolean =>
  procLink('self') === `${process.pid}` && processStat(process.pid) !== undefined;

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
