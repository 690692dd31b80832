import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { codeOf, poolFault } from './pool-fault.js';
import { kindOf } from './segment-file.js';

/**
 * A folder of ours in which algorithms work as our own user: it may be removed, closed, moved or replaced at any time.
 *
 * INVARIANT: what lies in its place is never followed, only taken out of the way.
 */
export class OwnFolder {
  #identity: { readonly dev: number; readonly ino: number } | undefined;

  /** @param clear takes whatever lies at a path out of the way */
  constructor(
    readonly path: string,
    private readonly clear: (path: string) => void,
  ) {}

  /**
   * The path names a folder of ours that can be entered afterwards.
   *
   * @returns what was found in its place, in words; undefined when all was well
   * @throws RunnerError store_io_failed
   */
  prepare(): string | undefined {
    const amiss = this.#identity === undefined ? undefined : this.#amiss();
    if (this.#identity !== undefined && amiss === undefined) return undefined;
    try {
      this.#make();
    } catch (error) {
      throw poolFault(error, this.path, 0);
    }
    return amiss;
  }

  /** A folder that was there before is ours from now on. */
  adopt(): void {
    const { dev, ino } = lstatSync(this.path);
    this.#identity = { dev, ino };
  }

  #amiss(): string | undefined {
    try {
      const seen = lstatSync(this.path, { throwIfNoEntry: false });
      if (seen === undefined) return 'the folder is gone';
      if (seen.ino !== this.#identity?.ino || seen.dev !== this.#identity.dev) {
        return `${seen.isDirectory() ? 'another folder' : kindOf(seen)} lies in the place of the folder`;
      }
      const mode = seen.mode & 0o777;
      return mode === 0o700 ? undefined : `the mode of the folder is ${mode.toString(8)}`;
    } catch {
      return 'the folder cannot be reached';
    }
  }

  #make(): void {
    const seen = lstatSync(this.path, { throwIfNoEntry: false });
    if (seen?.isDirectory() === true && seen.ino === this.#identity?.ino) chmodSync(this.path, 0o700);
    else {
      if (seen !== undefined) this.clear(this.path);
      try {
        mkdirSync(this.path, { mode: 0o700 });
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
        this.clear(this.path);
        mkdirSync(this.path, { mode: 0o700 });
      }
    }
    this.adopt();
  }
}
