import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';

/*
 * The one reader of /proc, see proc(5). Nothing here throws: what is not there, has just ended or is not ours to see is
 * undefined, and so is everything on a system without /proc.
 */

/** @param path below /proc: `self/limits`, `4711/environ` */
export const procText = (path: string): string | undefined => seen(() => readFileSync(`/proc/${path}`, 'latin1'));

/** Where a link leads: `self/ns/pid`. */
export const procLink = (path: string): string | undefined => seen(() => readlinkSync(`/proc/${path}`));

/** The numbers among the names in a folder: the processes in `.`, the descriptors in `self/fd`. */
export const procNumbers = (folder: string): readonly number[] =>
  seen(() => readdirSync(`/proc/${folder}`).map(Number).filter(Number.isInteger)) ?? [];

/** The beginning of a file, by way of `room`: a quarter of the time that it takes to read it whole. */
export function procHead(path: string, room: Buffer): string | undefined {
  const file = seen(() => openSync(`/proc/${path}`, 'r'));
  if (file === undefined) return undefined;
  try {
    return seen(() => room.toString('latin1', 0, readSync(file, room, 0, room.length, 0)));
  } finally {
    closeSync(file);
  }
}

/**
 * /proc/<pid>/stat.
 *
 * @property state one letter: `Z` a zombie, `T` stopped
 * @property cpuTicks CPU time in clock ticks: its own, and that of the children it has waited for
 * @property startTicks clock ticks from the boot to its start, as text
 */
export interface ProcessStat {
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly cpuTicks: number;
  readonly startTicks: string;
  readonly residentPages: number;
}

export const STAT_BYTES_MAX = 2048;

export function processStat(osPid: number, room = Buffer.allocUnsafe(STAT_BYTES_MAX)): ProcessStat | undefined {
  const text = procHead(`${osPid}/stat`, room);
  // The second field is the command in parentheses and may hold anything.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  const field = (number: number): string => fields[number - 3] ?? '';
  const stat = {
    state: field(3),
    parent: Number(field(4)),
    group: Number(field(5)),
    cpuTicks: [14, 15, 16, 17].reduce((sum, number) => sum + Number(field(number)), 0),
    startTicks: field(22),
    residentPages: Number(field(24)),
  };
  const isWhole = field(24) !== '' && !Number.isNaN(stat.parent + stat.group + stat.cpuTicks + stat.residentPages);
  return isWhole ? stat : undefined;
}

function seen<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
