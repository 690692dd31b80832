import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runner, StoreLayout } from '../../../src/index.js';

/** Everything an operation may leave behind, whatever became of it. */
export interface Census {
  /** Work in progress of the store. */
  readonly staging: readonly string[];
  /** `name/version` of everything under `deployed/`. */
  readonly deployed: readonly string[];
  /** What lies in the folder for temporary files. */
  readonly temporary: readonly string[];
  /** Command lines of what runs on behalf of the store. */
  readonly processes: readonly string[];
  /** Image segments on their way in calls. */
  readonly leased: number;
  /** Open files, logs and traces aside: a release keeps its log. */
  readonly files: readonly string[];
  readonly pipes: number;
}

/** What does not belong to a store: decoders of images without a Runner rest between tests with a scratch file each. */
const NOBODYS = ['/proc', join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'procvision-scratch-')];

/** Files that this process has open, logs and traces of the store aside. */
export const openFiles = ({ logs }: StoreLayout): readonly string[] =>
  openDescriptors()
    .filter((target) => target.startsWith('/') && ![...NOBODYS, `${logs}/`].some((start) => target.startsWith(start)))
    .sort();

export function census(runner: Runner, layout: StoreLayout): Census {
  return {
    staging: entries(layout.staging),
    deployed: entries(layout.deployed).flatMap((name) =>
      entries(join(layout.deployed, name)).map((version) => `${name}/${version}`),
    ),
    temporary: entries(tmpdir()),
    processes: processesOf(layout)
      .map(({ command }) => command)
      .sort(),
    leased: runner.images.leased,
    files: openFiles(layout),
    pipes: openDescriptors().filter((target) => /^(pipe|socket):/.test(target)).length,
  };
}

/** Living processes that run in a folder of the store, or are told about one: algorithms, installers, probes. */
export function processesOf({ root }: StoreLayout): { readonly osPid: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
      const about = `${command}\n${link(`/proc/${pid}/cwd`)}\n${read(`/proc/${pid}/environ`)}`;
      return command !== '' && about.includes(`${root}/`) ? [{ osPid: Number(pid), command }] : [];
    });
}

/** The algorithm's own process of a release, whatever stands before it. */
export function algorithmOf(layout: StoreLayout, release: string): number {
  const folder = join(layout.deployed, ...release.split('@'));
  const found = processesOf(layout).filter(({ command }) => command.startsWith(`${folder}/venv/bin/python`));
  const [one, ...more] = found;
  if (one === undefined || more.length > 0) throw new Error(`${found.length} processes of ${release}`);
  return one.osPid;
}

const openDescriptors = (): string[] => readdirSync('/proc/self/fd').map((fd) => link(`/proc/self/fd/${fd}`));

const entries = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // gone meanwhile
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
