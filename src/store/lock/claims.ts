import { constants } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { closeAfter, errnoOf, io, ioFailure, listIfThere, readSmallFile, writeAll } from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import { parseJson } from '../text.js';
import { isAlive } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';

/**
 * A claim is a file in `lock/` whose name tells one process, `<place>.<osPid>.<started>.<kind>`; its content is for
 * people. Claims say who holds a store, and are the lock where flock is not to be had.
 *
 * INVARIANTS
 * - A process claims first and looks at the others second; of two, at least the later one sees the other.
 * - Only the claim of a process that cannot come back is removed by another one, so removals never race with a holder.
 */
export type LockKind = 'flock' | 'pidfile';

/** Who holds a store; host and since are 'unknown' where the claim could not be read. */
export interface Holder {
  readonly osPid: number;
  readonly host: string;
  readonly since: string;
  readonly kind: LockKind;
}

/** @property life unknown: of another machine or container, where our process numbers mean nothing */
export interface Claim {
  readonly path: string;
  readonly life: 'live' | 'dead' | 'unknown';
  readonly holder: Holder;
}

const FILE_NAME = /^([0-9a-f]{16})\.(\d+)\.(\d+)\.(flock|pidfile)$/;
const told = z.object({ host: z.string(), boot_id: z.string(), since: z.string() });

export function claimPath(folder: string, self: ProcessIdentity, kind: LockKind): string {
  return join(folder, `${self.place}.${self.osPid}.${self.started}.${kind}`);
}

/**
 * The name is the claim; a full disk may cost its content.
 * @returns false when this very process has that claim already
 */
export async function writeClaim(path: string, self: ProcessIdentity, since: string, fs: FileSystem): Promise<boolean> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = await fs.open(path, flags, 0o644).catch((error: unknown) => {
    if (errnoOf(error) === 'EEXIST') return undefined;
    throw ioFailure('create', path, error);
  });
  if (file === undefined) return false;
  const text = JSON.stringify({ os_pid: self.osPid, host: self.host, boot_id: self.bootId, since });
  await closeAfter(path, file, () => writeAll(path, file, Buffer.from(`${text}\n`))).catch(() => undefined);
  return true;
}

/** Every claim but the one at `own`. */
export async function readClaims(folder: string, self: ProcessIdentity, own: string, fs: FileSystem): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (const { name } of await listIfThere(folder, fs)) {
    const path = join(folder, name);
    const match = FILE_NAME.exec(name);
    if (match === null || path === own) continue;
    const [, place = '', osPid = '', started = '', kind] = match;
    const told = await readTold(path, fs);
    claims.push({
      path,
      life: place === self.place ? lifeOf(Number(osPid), started) : lifeElsewhere(told, self),
      holder: {
        osPid: Number(osPid),
        host: told?.host ?? 'unknown',
        since: told?.since ?? 'unknown',
        kind: kind as LockKind,
      },
    });
  }
  return claims;
}

/** Best effort: a claim that stays is judged by its name the next time. */
export async function removeClaim(path: string, fs: FileSystem): Promise<void> {
  await io('remove', path, () => fs.removeFile(path)).catch(() => undefined);
}

function lifeOf(osPid: number, started: string): 'live' | 'dead' {
  return isAlive(osPid, started) ? 'live' : 'dead';
}

/** The same machine before it was booted again is certain; another machine or container is not. */
function lifeElsewhere(claim: z.infer<typeof told> | undefined, self: ProcessIdentity): 'dead' | 'unknown' {
  return claim?.host === self.host && claim.boot_id !== self.bootId ? 'dead' : 'unknown';
}

async function readTold(path: string, fs: FileSystem): Promise<z.infer<typeof told> | undefined> {
  const read = await readSmallFile(path, 4096, fs).catch(() => undefined);
  const parsed = read?.kind === 'content' ? parseJson(read.bytes) : undefined;
  return parsed?.ok === true ? told.safeParse(parsed.value).data : undefined;
}
