/**
 * Tries cases of one target until it is ended. Says which case it begins before it begins it, so that whoever watches
 * knows the one that never ended.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chance } from './mutate.js';
import type { Plant, TargetName } from './options.js';
import { loadTarget } from './targets/index.js';

export interface ChildTask {
  readonly target: TargetName;
  readonly seed: number;
  readonly cases: number;
  /** Whose folder it is: everything a case leaves behind lies in there. */
  readonly root: string;
  readonly plant: Plant | null;
}

export type ChildNews =
  | { readonly news: 'ready'; readonly cpuMs: number }
  | { readonly news: 'begun'; readonly seed: number }
  | { readonly news: 'found'; readonly seed: number; readonly sort: 'crash' | 'residue'; readonly what: string }
  | { readonly news: 'done' };

/** Looked at so often: descriptors and processes of a case may take a moment to go. */
const RESIDUE_EVERY = 25;
const SETTLE_MS = 200;
const GROWTHS_MAX = 3;

const say = (news: ChildNews): Promise<void> =>
  new Promise((resolve, reject) =>
    process.send?.(news, (error: Error | null) => (error === null ? resolve() : reject(error))),
  );

process.once('message', (task: ChildTask) => void work(task));

async function work({ target: name, seed: first, cases, root, plant }: ChildTask): Promise<void> {
  const { attempt, cpuMs = 1_000 } = await loadTarget(name);
  const folder = join(root, 'case');
  let seed = first;
  const found = (sort: 'crash' | 'residue', what: string): Promise<void> => say({ news: 'found', seed, sort, what });
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error) => void found('crash', `beside the case: ${told(error)}`));
  await say({ news: 'ready', cpuMs });
  let before: readonly string[] | null = null;
  let growths = 0;
  for (let count = 1; count <= cases; count++, seed++) {
    await say({ news: 'begun', seed });
    mkdirSync(folder, { recursive: true });
    try {
      await attempt(new Chance(seed), folder);
      if (plant !== null && count === 2) planted(plant);
    } catch (error) {
      await found('crash', told(error));
    }
    rmSync(folder, { recursive: true, force: true });
    const left = readdirSync(tmpdir());
    if (left.length > 0) await found('residue', `left in the temporary folder: ${left.join(', ')}`);
    for (const each of left) rmSync(join(tmpdir(), each), { recursive: true, force: true });
    if (count % RESIDUE_EVERY !== 0 && count !== cases) continue;
    // What is loaded or begun once, a pool of threads among it, stays: what leaks goes on growing.
    const now = await settled(before);
    growths = before !== null && now.length > before.length ? growths + 1 : 0;
    if (growths === GROWTHS_MAX) await found('residue', `grew ${GROWTHS_MAX} times in a row: ${now.join(', ')}`);
    before = now;
  }
  await say({ news: 'done' });
  process.exit();
}

function planted(plant: Plant): void {
  switch (plant) {
    case 'crash':
      throw new TypeError('planted');
    case 'hang':
      for (;;);
    case 'residue':
      writeFileSync(join(tmpdir(), 'planted'), '');
  }
}

/** Descriptors and child processes, once there are no more than before, or a while later. */
async function settled(before: readonly string[] | null): Promise<readonly string[]> {
  for (let tries = 0; ; tries++) {
    const now = held();
    if (before === null || now.length <= before.length || tries === 10) return now;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
}

function held(): readonly string[] {
  if (!existsSync('/proc/self/fd')) return [];
  const children = readdirSync('/proc/self/task').flatMap((thread) => childrenOf(thread));
  return [...readdirSync('/proc/self/fd').map((fd) => `descriptor ${fd}`), ...children.map((pid) => `process ${pid}`)];
}

function childrenOf(thread: string): readonly string[] {
  try {
    return readFileSync(`/proc/self/task/${thread}/children`, 'utf8')
      .split(' ')
      .filter((pid) => pid !== '');
  } catch {
    return []; // the thread has ended
  }
}

const told = (error: unknown): string =>
  (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, 3_000);
