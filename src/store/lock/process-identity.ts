import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { processStat, procLink, procText } from '../../platform/index.js';

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
  const bootId = procText('sys/kernel/random/boot_id')?.trim() ?? 'unknown';
  const namespace = procLink('self/ns/pid') ?? 'unknown';
  const host = hostname();
  const place = createHash('sha256').update([host, bootId, namespace].join('\n')).digest('hex').slice(0, 16);
  return { osPid: process.pid, started: processStat(process.pid)?.startTicks ?? '0', place, host, bootId };
}

/** Whether exactly this process of our own place lives; a zombie does not, a later process of the same number neither. */
export function isAlive(osPid: number, started: string): boolean {
  const stat = processStat(osPid);
  if (stat !== undefined) return stat.startTicks === started && !'ZXx'.includes(stat.state);
  return answersSignals(osPid); // no /proc, or one that hides the processes of others
}

/** Whether it exists and is not let run: stopped by a signal or traced; false where the system does not tell. */
export const isStopped = (osPid: number): boolean => 'tT'.includes(processStat(osPid)?.state ?? '-');

function answersSignals(osPid: number): boolean {
  try {
    process.kill(osPid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
