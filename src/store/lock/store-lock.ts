import { setTimeout as delay } from 'node:timers/promises';
import { RunnerError } from '../../base/errors/index.js';
import { makeOwnFolder, nodeFileSystem } from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import { storeLayout } from '../layout.js';
import type { StoreLayout } from '../layout.js';
import { claimPath, readClaims, removeClaim, writeClaim } from './claims.js';
import type { Claim, Holder, LockKind } from './claims.js';
import { flockFolder } from './flock.js';
import { thisProcess } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';

/**
 * @property kind 'flock': kept by the kernel; 'pidfile': by a file naming the process, its start time and its boot,
 * which also refuses a holder on another machine or in another container, since it cannot be asked
 * @property reason why it is not 'flock'
 * @property problem why who holds the store could not be written down
 */
export interface StoreLock {
  readonly kind: LockKind;
  readonly reason?: string;
  readonly problem?: RunnerError;
  readonly holder: Holder;
  /** Frees the store; harmless when done twice. */
  release(): Promise<void>;
}

export interface LockOptions {
  /** The flock tool; found on the PATH by default. */
  readonly tool?: string;
  readonly now?: () => Date;
  readonly fs?: FileSystem;
}

/**
 * One Runner per store (contract §9). The lock is free the moment its holder is gone, however it went, and a live
 * one's is never taken.
 * @throws RunnerError store_locked (3017) saying who holds it and since when; store_io_failed
 */
export async function acquireStoreLock(root: string, options: LockOptions = {}): Promise<StoreLock> {
  const { tool = 'flock', now = () => new Date(), fs = nodeFileSystem } = options;
  const layout = storeLayout(root);
  const self = thisProcess();
  const flock = await flockFolder(layout.root, tool);
  if (flock.kind === 'refused') throw refusal(layout.root, await findHolder(layout.lock, self, fs));

  const kind: LockKind = flock.kind === 'held' ? 'flock' : 'pidfile';
  const holder: Holder = { osPid: self.osPid, host: self.host, since: now().toISOString(), kind };
  const own = claimPath(layout.lock, self, kind);
  const freeFlock = flock.kind === 'held' ? flock.release : () => undefined;
  let problem: RunnerError | undefined;
  try {
    await makeOwnFolder(layout.lock, fs);
    await claim(layout, own, self, holder, fs);
  } catch (error) {
    const isLocked = error instanceof RunnerError && error.faultName === 'store_locked';
    if (isLocked || kind === 'pidfile' || !(error instanceof RunnerError)) {
      freeFlock();
      throw error;
    }
    problem = error; // the kernel keeps the lock; only who holds it is not told
  }
  return {
    kind,
    ...(problem === undefined ? {} : { problem }),
    ...(flock.kind === 'impossible' ? { reason: flock.reason } : {}),
    holder,
    release: once(async () => {
      await removeClaim(own, fs);
      freeFlock();
    }),
  };
}

async function claim(
  layout: StoreLayout,
  own: string,
  self: ProcessIdentity,
  holder: Holder,
  fs: FileSystem,
): Promise<void> {
  const fresh = await writeClaim(own, self, holder.since, fs);
  if (!fresh && holder.kind === 'pidfile') throw refusal(layout.root, { ...holder, since: 'unknown' });
  try {
    const others = await readClaims(layout.lock, self, own, fs);
    const rival = others.find((other) => forbids(other, holder.kind));
    if (rival !== undefined) throw refusal(layout.root, rival.holder, hintFor(rival));
    await Promise.all(others.map((other) => removeClaim(other.path, fs)));
  } catch (error) {
    await removeClaim(own, fs);
    throw error;
  }
}

/**
 * Having got the flock proves every flock claim stale, even of a process still being torn down by the kernel; only a
 * live Runner that had no flock tool stands against it. Without flock, any claim not known to be dead does.
 */
function forbids(other: Claim, kind: LockKind): boolean {
  switch (kind) {
    case 'flock':
      return other.holder.kind === 'pidfile' && other.life === 'live';
    case 'pidfile':
      return other.life !== 'dead';
  }
}

/** Nobody here can say whether a holder elsewhere lives; a person can. */
function hintFor({ life, path, holder }: Claim): string | undefined {
  if (life !== 'unknown') return undefined;
  return (
    `Whether it lives cannot be seen from this machine or container, and there is no flock to ask. If ${holder.host} ` +
    `is gone or runs no Runner on this store any more, remove ${path}; or install util-linux (flock) on both.`
  );
}

/** The holder writes its claim just after it got the lock: give it a moment. */
async function findHolder(folder: string, self: ProcessIdentity, fs: FileSystem): Promise<Holder | undefined> {
  for (let look = 0; look < 10; look += 1) {
    const claims = await readClaims(folder, self, '', fs).catch(() => []); // something else lies there: nobody can say
    const known = claims.find((other) => other.life !== 'dead');
    if (known !== undefined) return known.holder;
    await delay(20);
  }
  return undefined;
}

function refusal(root: string, holder: Holder | undefined, claimed?: string): RunnerError {
  const who =
    holder === undefined
      ? 'a process that has not said who it is'
      : `process ${holder.osPid} on host ${holder.host}, since ${holder.since}`;
  return new RunnerError('store_locked', `Another Runner works on ${root}: ${who}.`, {
    ...(claimed === undefined ? {} : { hint: claimed }),
    details: { root, holder: holder === undefined ? null : { ...holder } },
  });
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
