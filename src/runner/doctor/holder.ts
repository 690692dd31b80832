import { readClaims } from '../../store/lock/claims.js';
import { thisProcess } from '../../store/lock/process-identity.js';
import type { FileSystem, Holder, StoreLayout } from '../../store/index.js';

/** @property life `unknown`: of another machine or container, whose processes cannot be seen from here */
export interface StoreHolder extends Holder {
  readonly life: 'live' | 'unknown';
}

/** Who works on a store, by what it claimed; the lock itself is not touched. @throws RunnerError store_io_failed */
export async function readHolder({ lock }: StoreLayout, fs: FileSystem): Promise<StoreHolder | null> {
  const claims = await readClaims(lock, thisProcess(), '', fs);
  const held = claims.flatMap(({ life, holder }) => (life === 'dead' ? [] : [{ ...holder, life }]));
  return held.find(({ life }) => life === 'live') ?? held[0] ?? null;
}
