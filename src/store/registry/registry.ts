import { keyOf } from '../../../machines/release.js';
import type { z } from 'zod';
import { RunnerError } from '../../base/errors/index.js';
import { copyAside } from '../quarantine.js';
import { exchangeFile, isVisible, nodeFileSystem } from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import type { StoreLayout } from '../layout.js';
import type { StoreProblem } from '../problem.js';
import { firstIssue } from '../text.js';
import { writeDocument, writeLine } from './document.js';
import { entrySchema, forgottenSchema } from './entry.js';
import type { ForgottenZip, RegistryEntry } from './entry.js';
import { loadRegistry } from './load.js';

/**
 * INVARIANTS
 * - What can be read here is on disk; a change shows only once its file is written and synced.
 * - Changes are applied in the order they were asked for. Those asked for without waiting in between, and those that
 *   wait for a write under way, share one write: all of them are on disk or none. Each promise settles with its write.
 * - A failed write leaves memory and file as they were.
 */
export interface Registry {
  /** What was found amiss when it was opened. */
  readonly problems: readonly StoreProblem[];
  entries(): readonly RegistryEntry[];
  get(name: string, version: string): RegistryEntry | undefined;
  /** Adds or replaces a release. @throws RunnerError store_io_failed; invalid_usage for an entry that does not fit */
  put(entry: RegistryEntry): Promise<void>;
  /**
   * Changes a release on top of every change asked for before, so that two callers do not undo each other.
   * @param change gets the entry as it will be then; undefined: not there
   * @throws RunnerError store_io_failed; whatever `change` throws, nothing then being changed
   */
  update(name: string, version: string, change: (entry: RegistryEntry | undefined) => RegistryEntry): Promise<void>;
  /** Removes a release; one that is not there is as good as removed. */
  remove(name: string, version: string): Promise<void>;
  /** Removes a release and remembers its zip in one write (contract §3.3). */
  forget(zip: ForgottenZip): Promise<void>;
  /** The zip may be deployed again: somebody asked for it. */
  recall(sha256: string): Promise<void>;
  /** Writes everything once more: after a failed write the file may say what is not on disk. */
  rewrite(): Promise<void>;
  forgotten(): readonly ForgottenZip[];
  isForgotten(sha256: string): boolean;
}

interface Draft {
  readonly entries: Map<string, RegistryEntry>;
  readonly forgotten: Map<string, ForgottenZip>;
}

interface Change {
  apply(draft: Draft): void;
  settle(): void;
  fail(error: unknown): void;
}

/** @throws RunnerError as `loadRegistry` */
export async function openRegistry(layout: StoreLayout, fs: FileSystem = nodeFileSystem): Promise<Registry> {
  const loaded = await loadRegistry(layout, fs);
  let { content, bytes, damaged } = loaded;
  let waiting: Change[] = [];
  let writing = false;

  const request = (apply: (draft: Draft) => void): Promise<void> =>
    new Promise((settle, fail) => {
      waiting.push({ apply, settle, fail });
      if (!writing) void writeAllWaiting();
    });

  async function writeAllWaiting(): Promise<void> {
    writing = true;
    await Promise.resolve(); // whoever asks in the same breath comes along
    while (waiting.length > 0) {
      const changes = waiting;
      waiting = [];
      await write(changes);
    }
    writing = false;
  }

  async function write(changes: readonly Change[]): Promise<void> {
    const draft: Draft = { entries: new Map(content.entries), forgotten: new Map(content.forgotten) };
    const applied = changes.filter((change) => tryApply(change, draft));
    if (applied.length === 0) return;
    const next = writeDocument(draft);
    const failure = await replace(next).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    // Visible: the way back failed as well, so memory follows the file.
    if (failure === undefined || isVisible(failure.error)) {
      content = draft;
      bytes = next;
    }
    for (const change of applied) {
      if (failure === undefined) change.settle();
      else change.fail(failure.error);
    }
  }

  async function replace(next: Uint8Array): Promise<void> {
    if (damaged !== undefined) await copyAside(layout, layout.registry, damaged, fs);
    damaged = undefined;
    await exchangeFile(layout.registry, { from: bytes, to: next }, fs);
  }

  return {
    problems: loaded.problems,
    entries: () => [...content.entries.values()],
    get: (name, version) => content.entries.get(keyOf({ name, version })),
    put: (entry) => request((draft) => set(draft, entry)),
    update: (name, version, change) =>
      request((draft) => set(draft, change(draft.entries.get(keyOf({ name, version }))))),
    remove: (name, version) => request((draft) => void draft.entries.delete(keyOf({ name, version }))),
    forget: (zip) =>
      request((draft) => {
        const fitting = requireFit(forgottenSchema, zip, 'forgotten zip');
        draft.entries.delete(keyOf(zip));
        draft.forgotten.set(zip.sha256, fitting);
      }),
    recall: (sha256) => request((draft) => void draft.forgotten.delete(sha256)),
    rewrite: () => request(() => undefined),
    forgotten: () => [...content.forgotten.values()],
    isForgotten: (sha256) => content.forgotten.has(sha256),
  };
}

function tryApply(change: Change, draft: Draft): boolean {
  try {
    change.apply(draft);
    return true;
  } catch (error) {
    change.fail(error);
    return false;
  }
}

/** What would not be read back is not written. */
function set(draft: Draft, entry: RegistryEntry): void {
  const fitting = requireFit(entrySchema, entry, 'registry entry');
  draft.entries.set(keyOf(fitting), fitting);
}

function requireFit<T extends object>(schema: z.ZodType<T>, value: T, what: string): T {
  const result = schema.safeParse(value);
  if (!result.success) {
    throw new RunnerError('invalid_usage', `The ${what} cannot be stored: ${firstIssue(result.error)}.`);
  }
  writeLine(result.data); // throws here for what JSON does not know, not amid the others' write
  return result.data;
}
