import { RunnerError, toFault } from '../../base/errors/index.js';
import { copyAside, moveAside } from '../quarantine.js';
import { readSmallFile } from '../durable/index.js';
import type { Content, FileSystem } from '../durable/index.js';
import type { StoreLayout } from '../layout.js';
import type { StoreProblem } from '../problem.js';
import { EMPTY, STORE_FORMAT, readDocument } from './document.js';
import type { RegistryContent } from './document.js';

const MAX_BYTES = 256 * 1024 * 1024;

/**
 * @property bytes what the file holds now, to go back to
 * @property damaged bytes of which a copy must be kept before the file is replaced; a full disk may forbid it at first
 */
export interface LoadedRegistry {
  readonly content: RegistryContent;
  readonly bytes: Content;
  readonly problems: readonly StoreProblem[];
  readonly damaged?: Uint8Array;
}

/**
 * Reads registry.json; missing is empty. A damaged one is kept aside.
 * @throws RunnerError store_io_failed when it cannot be read, store_corrupt when a newer Runner wrote it:
 * going on would lose what it holds
 */
export async function loadRegistry(layout: StoreLayout, fs: FileSystem): Promise<LoadedRegistry> {
  const path = layout.registry;
  const read = await readSmallFile(path, MAX_BYTES, fs);
  switch (read.kind) {
    case 'missing':
      return { content: EMPTY, bytes: undefined, problems: [] };
    case 'unfit': {
      const aside = await moveAside(layout, path, fs);
      return { content: EMPTY, bytes: undefined, problems: [unreadable(read.reason, `moved to ${aside}`)] };
    }
    case 'content':
      break;
  }
  const { bytes } = read;
  const document = await readDocument(bytes);
  switch (document.kind) {
    case 'newer':
      throw new RunnerError(
        'store_corrupt',
        `${path} was written by a newer Runner (format ${String(document.format)}, this one knows ${STORE_FORMAT}).`,
        { hint: 'Start the newer Runner on this store, or name another store.', details: { path } },
      );
    case 'unreadable': {
      const kept = await keepCopy(layout, bytes, fs);
      return { content: EMPTY, bytes, problems: [unreadable(document.reason, kept.done)], ...kept.more };
    }
    case 'read': {
      const { content, problems } = document;
      if (problems.length === 0) return { content, bytes, problems };
      const kept = await keepCopy(layout, bytes, fs);
      const done = `left out; ${kept.done}`;
      return { content, bytes, problems: problems.map((problem) => ({ ...problem, done })), ...kept.more };
    }
  }
}

async function keepCopy(
  layout: StoreLayout,
  bytes: Uint8Array,
  fs: FileSystem,
): Promise<{ done: string; more: { damaged?: Uint8Array } }> {
  try {
    return { done: `a copy is kept at ${await copyAside(layout, layout.registry, bytes, fs)}`, more: {} };
  } catch (error) {
    return { done: `no copy could be kept yet: ${toFault(error).message}`, more: { damaged: bytes } };
  }
}

function unreadable(reason: string, done: string): StoreProblem {
  const message = `registry.json cannot be understood: ${reason}. The list of releases starts empty.`;
  return { what: 'registry_unreadable', subject: 'registry.json', message, done };
}
