import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';

/** One line of the operating system's process table: what it takes to know its tree and what it uses. */
export interface ProcessRow {
  readonly parent: number;
  readonly group: number;
  /** CPU time in clock ticks: its own, and that of the children it has waited for. */
  readonly cpuTicks: number;
  readonly residentPages: number;
}

export type ProcessTable = ReadonlyMap<number, ProcessRow>;

/** Rows read before others get their turn: reading one takes the kernel some 15 µs, and calls must not wait for all. */
const ROWS_PER_TURN = 16;
const STAT_BYTES_MAX = 2048;

/** All processes of this host; empty where /proc cannot be read. Those that come or go meanwhile may be missing. */
export async function readProcessTable(): Promise<ProcessTable> {
  const table = new Map<number, ProcessRow>();
  const room = Buffer.allocUnsafe(STAT_BYTES_MAX);
  for (const [i, osPid] of processIds().entries()) {
    if (i % ROWS_PER_TURN === ROWS_PER_TURN - 1) await nextTurn();
    const row = readRow(osPid, room);
    if (row !== undefined) table.set(osPid, row);
  }
  return table;
}

/** Whether this host tells what its processes use: there is a /proc, and it counts processes as this one does. */
export function resourceWatchWorks(): boolean {
  try {
    return readlinkSync('/proc/self') === `${process.pid}` && readRow(process.pid) !== undefined;
  } catch {
    return false;
  }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** proc(5), /proc/<pid>/stat. The second field is the command in parentheses and may hold anything. */
function readRow(osPid: number, room: Buffer = Buffer.allocUnsafe(STAT_BYTES_MAX)): ProcessRow | undefined {
  const text = readStat(osPid, room);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  const row = {
    parent: field(4),
    group: field(5),
    cpuTicks: field(14) + field(15) + field(16) + field(17),
    residentPages: field(24),
  };
  return Number.isNaN(row.parent + row.group + row.cpuTicks + row.residentPages) ? undefined : row;
}

function readStat(osPid: number, room: Buffer): string | undefined {
  let file: number;
  try {
    file = openSync(`/proc/${osPid}/stat`, 'r');
  } catch {
    return undefined; // it has ended
  }
  try {
    return room.toString('latin1', 0, readSync(file, room, 0, room.length, 0));
  } catch {
    return undefined; // it has ended just now
  } finally {
    closeSync(file);
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
