import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';

/** The name of the variable by which tests find again what they started, whoever its parent is by then. */
export const COOKIE = 'PROCVISION_TEST_COOKIE';
export const newCookie = (): string => randomUUID();

/** Every living process with the cookie in its environment: pid and command. */
export function processesWith(cookie: string): { readonly osPid: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      if (!read(`/proc/${pid}/environ`).includes(`${COOKIE}=${cookie}`)) return [];
      if (/^State:\s+Z/m.test(read(`/proc/${pid}/status`))) return [];
      return [{ osPid: Number(pid), command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() }];
    });
}

export const isAlive = (osPid: number): boolean => !/^$|^State:\s+Z/m.test(stateLine(osPid));

/** @param withinMs how long it may take until nobody with the cookie lives any more */
export const expectNobodyWith = (cookie: string, withinMs = 2000): Promise<void> =>
  expect.poll(() => processesWith(cookie), { timeout: withinMs, interval: 20 }).toEqual([]);

/** Open descriptors of this process that are pipes or sockets: what processes are spoken to over. */
export function openPipes(): string[] {
  return readdirSync('/proc/self/fd')
    .map((fd) => link(`/proc/self/fd/${fd}`))
    .filter((target) => /^(pipe|socket):/.test(target))
    .sort();
}

const stateLine = (osPid: number): string => /^State:.*$/m.exec(read(`/proc/${osPid}/status`))?.[0] ?? '';

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // gone meanwhile, or somebody else's
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
