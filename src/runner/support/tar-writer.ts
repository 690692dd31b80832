import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Pack } from 'tar-stream';
import { RunnerError } from '../../base/errors/index.js';

/** One file for the archive: exactly as many bytes as it says. */
export interface TarEntry {
  readonly name: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** For whoever made it, and nobody else: a bundle holds what algorithms printed. */
const MODE = 0o600;

/**
 * Writes a tar, with gzip unless its name ends in `.tar`.
 *
 * INVARIANTS
 * - The file appears whole or not at all: written beside its place, brought to disk, then named.
 * - What lies in its place already stays as it is.
 *
 * @param entries asked for one by one, as there is room for them
 * @returns how large the file is
 * @throws RunnerError invalid_usage when something lies in its place; operation_cancelled; what the file system says
 */
export async function writeTar(
  output: string,
  entries: AsyncIterable<TarEntry>,
  signal?: AbortSignal,
): Promise<{ readonly bytes: number }> {
  await requireFree(output);
  const { pack: tarPack } = await import('tar-stream');
  const pack = tarPack();
  const partial = join(dirname(output), `.${basename(output)}.${randomBytes(8).toString('hex')}.partial`);
  const file = createWriteStream(partial, { flags: 'wx', mode: MODE });
  const options = signal === undefined ? {} : { signal };
  const packed = Readable.from(pack);
  const written = output.endsWith('.tar')
    ? pipeline(packed, file, options)
    : pipeline(packed, createGzip(), file, options);
  // Whoever waits for the archive to take more must not wait for one that failed.
  const failed = new Promise<never>((_, reject) => void written.catch(reject));
  failed.catch(() => undefined);
  try {
    for await (const entry of entries) await Promise.race([add(pack, entry), failed]);
    pack.finalize();
    await written;
    await publish(partial, output);
    return { bytes: (await lstat(output)).size };
  } catch (error) {
    pack.destroy();
    const ofFile = await written.then(() => null, causeOf);
    await rm(partial, { force: true });
    throw signal?.aborted === true ? interrupted(error) : (ofFile ?? error);
  }
}

/** What the system said; the streams before the file only say that they were ended. */
const causeOf = (error: unknown): unknown => (error instanceof Error && 'errno' in error ? error : null);

async function add(pack: Pack, { name, bytes, modifiedMs, chunks }: TarEntry): Promise<void> {
  let done: (error?: Error | null) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    done = (error) => (error === null || error === undefined ? resolve() : reject(error));
  });
  // It may end while this still waits for room.
  ended.catch(() => undefined);
  const header = { name, size: bytes, mode: MODE, mtime: new Date(modifiedMs), type: 'file' as const };
  const sink = pack.entry(header, (error) => done(error));
  // Whatever ends the archive ends it, too, and would be thrown at the host were nobody listening.
  sink.on('error', done);
  for await (const chunk of chunks)
    if (!sink.write(chunk)) await new Promise<void>((resolve) => sink.once('drain', () => resolve()));
  sink.end();
  await ended;
}

/** A file system without links, as of many memory sticks, is asked once more whether the place is free. */
async function publish(partial: string, output: string): Promise<void> {
  const handle = await open(partial, 'r');
  await handle.sync().finally(() => handle.close());
  try {
    await link(partial, output);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw isThere(output);
    await requireFree(output);
    return rename(partial, output);
  }
  await rm(partial);
}

async function requireFree(output: string): Promise<void> {
  const stats = await lstat(output).catch(() => null);
  if (stats !== null) throw isThere(output);
}

const isThere = (output: string): RunnerError =>
  new RunnerError('invalid_usage', `${output} is there already.`, {
    hint: 'Name a file that is not; nothing is overwritten.',
    details: { file: output },
  });

const interrupted = (cause: unknown): RunnerError =>
  new RunnerError('operation_cancelled', 'It was interrupted; no file was left.', {
    cause,
    hint: 'Ask for it again.',
  });
