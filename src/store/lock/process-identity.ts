import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Who a process is, beyond its reusable number.
 *
 * @property place one boot of one machine (or container): only within it can os pids be compared
 * @property started start time in clock ticks since boot; '0' where the system does not tell
 */
export interface ProcessIdentity {
  readonly osPid: number;
  readonly started: string;
  readonly place: string;
  readonly host: string;
  readonly bootId: string;
}

export function thisProcess(): ProcessIdentity {
  const bootId = readOr('unknown', () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const namespace = readOr('unknown', () => readlinkSync('/proc/self/ns/pid'));
  const host = hostname();
  const place = createHash('sha256').update([host, bootId, namespace].join('\n')).digest('hex').slice(0, 16);
  return { osPid: process.pid, started: statOf(process.pid)?.started ?? '0', place, host, bootId };
}

/** Whether exactly this process of our own place lives; a zombie does not, a later process of the same number neither. */
export function isAlive(osPid: number, started: string): boolean {
  const stat = statOf(osPid);
  if (stat !== undefined) return stat.started === started && !'ZXx'.includes(stat.state);
  return answersSignals(osPid); // no /proc, or one that hides the processes of others
}

/** Whether it exists and is not let run: stopped by a signal or traced; false where the system does not tell. */
export const isStopped = (osPid: number): boolean => 'tT'.includes(statOf(osPid)?.state ?? '-');

/** Fields of /proc/<pid>/stat after the command, which is in parentheses and may hold anything. */
function statOf(osPid: number): { state: string; started: string } | undefined {
  const text = readOr(undefined, () => readFileSync(`/proc/${osPid}/stat`, 'utf8'));
  const [state, ...rest] = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  const started = rest[18];
  return state === undefined || started === undefined ? undefined : { state, started };
}

function answersSignals(osPid: number): boolean {
  try {
    process.kill(osPid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function readOr<T, U>(otherwise: U, read: () => T): T | U {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
