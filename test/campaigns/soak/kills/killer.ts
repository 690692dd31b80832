import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { nowMs } from '../clock.js';
import type { Kill } from '../judge/evidence.js';
import { ownerOf } from '../ledgers/processes.js';
import type { ProcessName } from '../ledgers/processes.js';
import type { Draws } from '../load/draws.js';
import { livingWith } from './living.js';

/** Share of the kills that wait for a process in the middle of a call. */
const AIMED = 0.85;
const AIM_MS = 300;
const LOOK_EVERY_MS = 2;
const TAIL_BYTES = 512;

export interface KillerOptions {
  /** Folder of the processes' ledger. */
  readonly ledger: string;
  /** What tells the campaign's processes from all others. */
  readonly cookie: string;
  readonly draws: Draws;
  readonly signal: AbortSignal;
  /** Resolves when the next kill is due. */
  readonly due: () => Promise<void>;
  readonly onKill: (kill: Kill) => void;
}

interface Victim extends ProcessName {
  readonly file: string;
}

/** Kills algorithms at random with SIGKILL, most of them while they work at a call. */
export async function runKiller({ ledger, cookie, draws, signal, due, onKill }: KillerOptions): Promise<void> {
  for (;;) {
    await due();
    if (signal.aborted) return;
    const victim = draws.chance(AIMED) ? await aim(ledger, cookie, draws) : anyOf(victims(ledger, cookie), draws);
    if (victim === undefined) {
      await pause(LOOK_EVERY_MS);
      continue;
    }
    const { id, osPid, release } = victim;
    const kill = { atMs: nowMs(), id, osPid, release };
    if (end(osPid)) onKill(kill);
  }
}

/** Some process that works at a call; any one if none does for a while. */
async function aim(ledger: string, cookie: string, draws: Draws): Promise<Victim | undefined> {
  const found = victims(ledger, cookie);
  const untilMs = nowMs() + AIM_MS;
  while (nowMs() < untilMs) {
    const busy = found.filter(({ file }) => isBusy(file));
    if (busy.length > 0) return draws.oneOf(busy);
    await pause(LOOK_EVERY_MS);
  }
  return anyOf(found, draws);
}

const anyOf = (found: readonly Victim[], draws: Draws): Victim | undefined =>
  found.length === 0 ? undefined : draws.oneOf(found);

/**
 * Living processes that have begun their ledger. Numbers come again: what runs under one now has to be the algorithm
 * itself, not something that stands before it, and of the release its file names; the last such file is its own.
 */
function victims(ledger: string, cookie: string): readonly Victim[] {
  const commands = new Map(livingWith(cookie).map(({ osPid, command }) => [osPid, command]));
  const found = new Map<number, Victim>();
  for (const name of readdirSync(ledger).sort(byStart)) {
    const owner = ownerOf(name);
    if (owner === undefined) continue;
    const command = commands.get(owner.osPid) ?? '';
    const isIt = command.startsWith(cookie) && command.includes(`/${owner.release.replace('@', '/')}/`);
    if (isIt) found.set(owner.osPid, { ...owner, file: join(ledger, name) });
  }
  return [...found.values()];
}

const byStart = (a: string, b: string): number => startOf(a) - startOf(b);
const startOf = (name: string): number => Number(/_(\d+)\.jsonl$/.exec(name)?.[1] ?? 0);

/** The last line of its ledger speaks of a call that is not answered yet. */
function isBusy(file: string): boolean {
  const last = tailOf(file).trimEnd().split('\n').at(-1) ?? '';
  return /^\[[\d.]+,"(begin|sign)"/.test(last);
}

function tailOf(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** @returns false when it had gone by itself */
function end(osPid: number): boolean {
  try {
    process.kill(osPid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
