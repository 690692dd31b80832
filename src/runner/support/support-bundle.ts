import { basename, resolve } from 'node:path';
import { withoutSecrets } from '../../effects/index.js';
import { RunnerError, toFault } from '../../base/errors/index.js';
import { readRegular } from '../../base/files/index.js';
import { storeLayout } from '../../store/index.js';
import type { StoreLayout } from '../../store/index.js';
import { requireStore } from '../status/require-store.js';
import { findSources } from './find-sources.js';
import type { BundleSource, LeftOutOfBundle } from './find-sources.js';
import { hostFacts } from './host-facts.js';
import { openSource } from './read-source.js';
import type { OpenSource } from './read-source.js';
import { writeTar } from './tar-writer.js';
import type { TarEntry } from './tar-writer.js';

export interface SupportBundleOptions {
  /** The file to write; with gzip unless it ends in `.tar`. One that is there is refused. */
  readonly output: string;
  /** Of its content, before compression. What is newest is taken first. */
  readonly bytesMax?: number;
  /** What else it tells, as JSON by its name: `doctor.json`. One that fails is among what was left out. */
  readonly documents?: Readonly<Record<string, () => Promise<unknown>>>;
  readonly signal?: AbortSignal;
  /** Told now and then how many bytes of how many were taken. */
  readonly onProgress?: (done: number, of: number) => void;
}

export interface SupportBundle {
  readonly file: string;
  /** Of the file. */
  readonly bytes: number;
  readonly entries: readonly BundleEntry[];
  readonly leftOut: readonly LeftOutOfBundle[];
  /** What was taken for a secret, by its place: `settings.json: environment.DB_PASSWORD`. */
  readonly redacted: readonly string[];
}

/** @property cutBytes of its begin, which are left out */
export interface BundleEntry {
  readonly path: string;
  readonly bytes: number;
  readonly cutBytes: number;
}

const MIB = 1024 * 1024;
export const BUNDLE_BYTES_MAX = 256 * MIB;
const SETTINGS_BYTES_MAX = MIB;

/**
 * Writes what somebody needs who is to explain what happened on a store: its traces and logs, what it says of itself, and of
 * the machine. Files lie as in a store, so that every command that reads one reads the unpacked bundle. Takes no lock,
 * changes nothing, works beside a Runner and on a damaged store.
 *
 * INVARIANTS
 * - No image, zip, wheel or deployed file; of what goes by the name of a secret its name alone.
 * - What is left out is named with the reason, in the bundle as well.
 *
 * @throws RunnerError release_not_found where there is no store; invalid_usage when the file is there;
 * store_io_failed when it cannot be written: nothing is left of it then; operation_cancelled
 */
export async function writeSupportBundle(store: string, options: SupportBundleOptions): Promise<SupportBundle> {
  const layout = storeLayout(store);
  requireStore(layout);
  const output = resolve(options.output);
  const bundle = new Bundle(layout, options, basename(output).replace(/\.(tar|tar\.gz|tgz)$/, ''));
  const { bytes } = await writeTar(output, bundle.entries(), options.signal).catch((error: unknown) => {
    throw refused(output, error);
  });
  return { file: output, bytes, ...bundle.contents() };
}

class Bundle {
  readonly #entries: BundleEntry[] = [];
  readonly #leftOut: LeftOutOfBundle[] = [];
  readonly #redacted: string[] = [];
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(
    private readonly layout: StoreLayout,
    private readonly options: SupportBundleOptions,
    private readonly folder: string,
  ) {
    this.#bytesMax = options.bytesMax ?? BUNDLE_BYTES_MAX;
  }

  contents(): Pick<SupportBundle, 'entries' | 'leftOut' | 'redacted'> {
    return { entries: this.#entries, leftOut: this.#leftOut, redacted: this.#redacted };
  }

  async *entries(): AsyncGenerator<TarEntry, void> {
    const { layout, options } = this;
    yield* this.#document('host.json', () => hostFacts(layout));
    for (const [name, read] of Object.entries(options.documents ?? {})) yield* this.#document(name, read);
    yield* this.#document('settings.json', () => readPlainSettings(layout));
    const { facts, histories, leftOut } = await findSources(layout);
    this.#leftOut.push(...leftOut);
    const inAll = [...facts, ...histories].reduce((sum, { bytes }) => sum + bytes, 0);
    const of = Math.min(this.#bytesMax, inAll);
    for (const source of [...facts, ...histories]) {
      options.onProgress?.(Math.min(this.#bytes, of), of);
      yield* this.#source(source);
    }
    options.onProgress?.(of, of);
    yield this.#json('bundle.json', { made: new Date().toISOString(), store: layout.root, ...wire(this.contents()) });
  }

  async *#document(name: string, read: () => Promise<unknown>): AsyncGenerator<TarEntry, void> {
    let value: unknown;
    try {
      value = await read();
    } catch (error) {
      const { code, message } = toFault(error);
      this.#leftOut.push({ path: name, bytes: null, why: `${code} ${message}` });
      return;
    }
    if (value === undefined) return;
    yield this.#json(
      name,
      withoutSecrets(value, (place) => this.#redacted.push(`${name}: ${place}`)),
    );
  }

  #json(path: string, value: unknown): TarEntry {
    const text = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
    return this.#entry({ path, bytes: text.length, cutBytes: 0 }, Date.now(), [text]);
  }

  async *#source(source: BundleSource): AsyncGenerator<TarEntry, void> {
    const { path, modifiedMs, isEndless } = source;
    const room = Math.min(this.#bytesMax - this.#bytes, isEndless ? this.#bytesMax / 4 : Infinity);
    const leave = (bytes: number, why: string): void => void this.#leftOut.push({ path, bytes, why });
    let opened: OpenSource | null;
    try {
      opened = await openSource(source, Math.max(0, Math.floor(room)));
    } catch (error) {
      return leave(source.bytes, toFault(error).message);
    }
    if (opened === null) return leave(source.bytes, 'there was no room left for it');
    const { bytes, cutBytes } = opened;
    try {
      if (cutBytes > 0) leave(cutBytes, 'its begin: there was no room left for it');
      yield this.#entry({ path, bytes, cutBytes }, modifiedMs, opened.chunks());
    } finally {
      await opened.close();
    }
  }

  #entry(entry: BundleEntry, modifiedMs: number, chunks: TarEntry['chunks']): TarEntry {
    this.#entries.push(entry);
    this.#bytes += entry.bytes;
    return { name: `${this.folder}/${entry.path}`, bytes: entry.bytes, modifiedMs, chunks };
  }
}

const wire = ({ entries, leftOut, redacted }: Pick<SupportBundle, 'entries' | 'leftOut' | 'redacted'>) => ({
  entries: entries.map(({ path, bytes, cutBytes }) => ({ path, bytes, cut_bytes: cutBytes })),
  left_out: leftOut,
  redacted,
});

/** Undefined where there are none. @throws RunnerError where nobody can tell what in them is a secret */
async function readPlainSettings({ settings }: StoreLayout): Promise<unknown> {
  const bytes = await readRegular(settings, SETTINGS_BYTES_MAX).catch((error: unknown) => {
    if (error instanceof RunnerError && error.details['errno'] === 'ENOENT') return null;
    throw error;
  });
  if (bytes === null) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, '')) as unknown;
  } catch (cause) {
    throw new RunnerError('settings_invalid', 'It is not JSON: what in it is a secret cannot be told.', { cause });
  }
}

function refused(output: string, error: unknown): unknown {
  if (error instanceof RunnerError) return error;
  const errno = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = WHY[errno] ?? toFault(error).message;
  return new RunnerError('store_io_failed', `${output} cannot be written: ${why}. Nothing is left of it.`, {
    cause: error,
    hint: 'Name a file on a disk that has room and can be written with --out, or take less with --max-mb.',
    details: { path: output, errno },
  });
}

const WHY: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the device (ENOSPC)',
  EDQUOT: 'the disk quota is used up (EDQUOT)',
  ENOENT: 'its folder is not there (ENOENT)',
  EACCES: 'permission is denied (EACCES)',
  EROFS: 'the file system is read-only (EROFS)',
  EFBIG: 'files may not be so large (EFBIG)',
};
