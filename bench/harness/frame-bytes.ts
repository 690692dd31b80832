import { readdirSync, readFileSync } from 'node:fs';
import type { Numbers } from './protocol.js';

/**
 * What the frames of a call and of its result take, by the bytes that the called process reads and writes: the floor is
 * to carry as much. Empty where the system does not count them (/proc/<pid>/io).
 *
 * @returns callBytes, resultBytes
 */
export async function frameBytes(calls: number, call: () => Promise<void>): Promise<Numbers> {
  const osPid = innermostChild(process.pid);
  const before = ioOf(osPid);
  for (let i = 0; i < calls; i++) await call();
  const after = ioOf(osPid);
  if (before === null || after === null) return {};
  const perCall = (a: number, b: number): number => Math.round((b - a) / calls);
  return { callBytes: perCall(before.read, after.read), resultBytes: perCall(before.written, after.written) };
}

function ioOf(osPid: number): { read: number; written: number } | null {
  try {
    const text = readFileSync(`/proc/${osPid}/io`, 'utf8');
    const count = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1]);
    return { read: count('rchar'), written: count('wchar') };
  } catch {
    return null;
  }
}

/** The algorithm itself: what isolates it may stand between it and us. */
function innermostChild(osPid: number): number {
  const child = childrenOf(osPid).at(-1);
  return child === undefined ? osPid : innermostChild(child);
}

function childrenOf(osPid: number): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((candidate) => candidate > 0 && parentOf(candidate) === osPid);
  } catch {
    return [];
  }
}

function parentOf(osPid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${osPid}/stat`, 'utf8');
    // The second field is the name in brackets and may hold anything.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}
