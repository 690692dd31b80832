import { cp, mkdir, rm } from 'node:fs/promises';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from '../programs/job.js';
import type { KillPlan } from '../programs/plan.js';

/** Times too: Python compiles anew what is younger than its byte code. */
const COPY = { recursive: true, verbatimSymlinks: true, preserveTimestamps: true } as const;

/**
 * Where one worker has its store and everything around it. A store is prepared once and copied back for every point, to
 * the very same path: environments of deployments hold absolute paths.
 */
export class Place {
  readonly folder: string;
  readonly store: string;
  /** Parent of the Runner's image folder, of this place alone. */
  readonly images: string;
  readonly #ownImages: boolean;
  #lives = 0;

  constructor(parent: string) {
    this.folder = realpathSync(mkdtempSync(join(parent, 'place-')));
    this.store = join(this.folder, 'store');
    this.#ownImages = existsSync('/dev/shm');
    this.images = this.#ownImages ? mkdtempSync('/dev/shm/procvision-crash-') : join(this.folder, 'images');
    mkdirSync(this.images, { recursive: true });
    mkdirSync(join(this.folder, 'scenes'));
  }

  /** A fresh folder for the temporary files of one life, by which its processes are known. */
  nextTmp(): string {
    this.#lives += 1;
    const tmp = join(this.folder, `life-${this.#lives}`);
    mkdirSync(tmp);
    return tmp;
  }

  job(python: string, more: Partial<Job>): Job {
    const { store, images } = this;
    return { store, images, python, before: [], warm: [], act: null, waits: false, ...more };
  }

  plan(more: Pick<KillPlan, 'from' | 'kill'>): KillPlan {
    return { store: this.store, images: this.images, ...more };
  }

  async keep(scene: string): Promise<void> {
    await rm(this.#scene(scene), { recursive: true, force: true });
    await cp(this.store, this.#scene(scene), COPY);
  }

  /** @param scene as it was kept; null: no store at all */
  async restore(scene: string | null): Promise<void> {
    await rm(this.store, { recursive: true, force: true });
    if (scene !== null) await cp(this.#scene(scene), this.store, COPY);
  }

  /** Copies the store as it is to a folder that outlives the campaign. */
  async saveTo(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await cp(this.store, folder, COPY);
  }

  /** Files in shared memory. */
  segments(): string[] {
    return readdirSync(this.images, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name));
  }

  /** Folders and files in shared memory. */
  imagesLeft(): string[] {
    return readdirSync(this.images, { recursive: true, encoding: 'utf8' });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    if (this.#ownImages) rmSync(this.images, { recursive: true, force: true });
  }

  #scene(name: string): string {
    return join(this.folder, 'scenes', name);
  }
}

export const newParent = (): string => mkdtempSync(join(tmpdir(), 'procvision-crash-'));
