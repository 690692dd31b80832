import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { RunnerError } from '../base/errors/index.js';
import type { Timings } from '../api/results.js';
import type { LocalApi } from '../api/local-api.js';
import type { Keys } from './keys.js';
import type { Output } from './output.js';
import type { Interruption } from './signals.js';

export interface RunnerWish {
  /** Deadlines named on the command line. */
  readonly timings?: Partial<Timings>;
  /** Whether a store that is not there is made. */
  readonly mayCreate?: boolean;
  /** Another store than the command's own, which nobody keeps. */
  readonly scratchStore?: string;
  /** The work comes to its end by itself when the command is interrupted; the Runner is not closed under it. */
  readonly endsByItself?: boolean;
}

/** What every command works with. */
export interface Context {
  /** Absolute path of the store. */
  readonly store: string;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Keys pressed, where somebody sits there and may be asked. */
  readonly keys: Keys | null;
  /** A program reads the data. */
  readonly json: boolean;
  /** For a person; silent with `--json`. */
  readonly note: (message: string) => void;
  /** What is being done, and how much of it is, where that is known. */
  readonly progress: (stage: string, percent?: number) => void;
  /**
   * Works with a Runner on the store that nothing else runs: what was wanted running rests, no zip is looked for. It is
   * closed at the end, whatever came of the work, and at once when the command is interrupted; a second signal hurries.
   *
   * @throws RunnerError store_locked while another Runner has the store; release_not_found when there is no store
   */
  readonly withRunner: <T>(work: (api: LocalApi) => Promise<T>, wish?: RunnerWish) => Promise<T>;
}

export function createContext(
  output: Output,
  folder: string,
  interruption: Interruption,
  keys: Keys | null = null,
): Context {
  const store = resolve(folder);
  const { signal } = interruption;
  return {
    store,
    signal,
    keys,
    json: output.json,
    note: (message) => (output.json ? undefined : output.note(message)),
    progress: (stage, percent) => output.progress(percent === undefined ? stage : `${stage} ${percent} %`),
    async withRunner(work, { mayCreate = false, scratchStore, endsByItself = false, timings: given } = {}) {
      const opened = scratchStore ?? store;
      if (!mayCreate && !existsSync(opened)) throw noStore(opened);
      // Most of the library; help, usage and readers do without.
      const { openApi } = await import('../api/local-api.js');
      const timings = { ...given, drainMs: DRAIN_MS };
      output.progress('opening the store');
      const api = await openApi({ store: opened, resume: false, scanIntervalMs: 0, timings });
      const close = (): void => void api.close();
      const keepCalm = interruption.onSecond(() => void api.close({ hurry: true }));
      if (!endsByItself) signal.addEventListener('abort', close, { once: true });
      try {
        if (signal.aborted) throw new RunnerError('runner_closed', 'The command was interrupted.');
        for (const { code, message } of api.problems) output.warn(`${code} ${message}`);
        return await work(api);
      } finally {
        signal.removeEventListener('abort', close);
        output.progress('closing the store');
        await api.close();
        keepCalm();
      }
    },
  };
}

/** Only an interrupted command has calls to wait for, and whoever interrupts it does not want to wait long. */
const DRAIN_MS = 2_000;

const noStore = (store: string): RunnerError =>
  new RunnerError('release_not_found', `There is no store at ${store}.`, {
    hint: 'Name the store with --store or PROCVISION_STORE, or make one with `procvision install <zip>`.',
    details: { store },
  });
