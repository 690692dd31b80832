import { readFileSync } from 'node:fs';
import { onlyAlgorithm } from './os-processes.js';
import type { Numbers } from './protocol.js';

/**
 * What the frames of a call and of its result take, by the bytes that the called process reads and writes: the floor is
 * to carry as much. Empty where the system does not count them (/proc/<pid>/io).
 *
 * @returns callBytes, resultBytes
 */
export async function frameBytes(calls: number, call: () => Promise<void>): Promise<Numbers> {
  const before = algorithmIo();
  for (let i = 0; i < calls; i++) await call();
  const after = algorithmIo();
  if (before === null || after === null) return {};
  const perCall = (a: number, b: number): number => Math.round((b - a) / calls);
  return { callBytes: perCall(before.read, after.read), resultBytes: perCall(before.written, after.written) };
}

function algorithmIo(): { read: number; written: number } | null {
  try {
    const text = readFileSync(`/proc/${onlyAlgorithm()}/io`, 'utf8');
    const count = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1]);
    return { read: count('rchar'), written: count('wchar') };
  } catch {
    return null;
  }
}
