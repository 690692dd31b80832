import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallEntry } from './ledgers/callers.js';
import type { Plant } from './options.js';

/**
 * Canaries: what the campaign itself falsifies, so that it can be seen to find it. A campaign that reports nothing with
 * one of these planted would report nothing ever.
 */

/** The callers' ledger with a call that came to two results, and one that never came to an end. */
export function plantInCalls(calls: readonly CallEntry[], plants: readonly Plant[]): readonly CallEntry[] {
  const [first, second] = calls.filter(({ ends }) => ends[0]?.outcome === 'result');
  return calls.map((call) => {
    if (call === first && plants.includes('double_reply')) return { ...call, ends: [...call.ends, ...call.ends] };
    if (call === second && plants.includes('lost_call')) return { ...call, ends: [] };
    return call;
  });
}

/** A file as a pool would leave one that forgot it. */
export function plantSegment(imageFolder: string): void {
  mkdirSync(imageFolder, { recursive: true });
  writeFileSync(join(imageFolder, 'raw-99.npy'), '');
}

/** A process that outlives the Runner, in the environment of an algorithm. @returns how to end it */
export function plantOrphan(store: string): () => void {
  const orphan = spawn('sleep', ['60'], { stdio: 'ignore', env: { ...process.env, PROC_ALGO_ROOT: `${store}/` } });
  return () => void orphan.kill('SIGKILL');
}
