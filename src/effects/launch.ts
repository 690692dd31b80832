import { mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { LaunchSpec } from '../../machines/process.events.js';
import type { EntryPoint } from '../package/index.js';

/**
 * How a process of a deployed release is started (contract §3.1, §11). Its environment is made from nothing: what a
 * process needs to live, what the SDK asks for, and no secret of the host. PROC_SHM_DIR belongs to one process, and what a
 * host adds to its policy; both come with the process.
 */
export function launchSpec(release: { readonly folder: string; readonly entryPoint: EntryPoint }): LaunchSpec {
  const { folder, entryPoint } = release;
  const bin = join(folder, 'venv', 'bin');
  const { PATH = '/usr/bin:/bin', LANG = 'C.UTF-8', TZ } = process.env;
  const user = userName();
  return {
    command: join(bin, 'python'),
    args: ['-u', ...entryArguments(entryPoint)],
    folder,
    environment: {
      PATH: `${bin}:${PATH}`,
      LANG,
      TMPDIR: tmpdir(),
      ...homeIn(folder),
      USER: user,
      LOGNAME: user,
      ...(TZ === undefined ? {} : { TZ }),
      VIRTUAL_ENV: join(folder, 'venv'),
      PYTHONUTF8: '1',
      PROC_ENV: 'prod',
      PROC_ALGO_ROOT: folder,
      PROC_ENTRY_POINT: entryPoint.text,
    },
  };
}

/** A home of the release's own: caches in it outlive its processes, and go with it. */
function homeIn(folder: string): Readonly<Record<string, string>> {
  const HOME = join(folder, HOME_FOLDER);
  const at = (name: string): string => join(HOME, name);
  return { HOME, XDG_CACHE_HOME: at('.cache'), XDG_CONFIG_HOME: at('.config'), XDG_DATA_HOME: at('.local/share') };
}

const HOME_FOLDER = '.home';

/** Makes the folders a process is told to write to. @throws where the store cannot be written to */
export async function makeHome({ environment }: LaunchSpec): Promise<void> {
  for (const name of ['HOME', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME']) {
    const folder = environment[name];
    if (folder !== undefined) await mkdir(folder, { recursive: true, mode: 0o700 });
  }
}

/** What a process finds: what the host adds wins, and the environment of the release stays first among its commands. */
export function withOwn(launch: LaunchSpec, own: Readonly<Record<string, string>>): LaunchSpec {
  const { PATH = '' } = launch.environment;
  const path = own['PATH'] === undefined ? PATH : `${PATH.slice(0, PATH.indexOf(':'))}:${own['PATH']}`;
  return { ...launch, environment: { ...launch.environment, ...own, PATH: path } };
}

/** Programs ask for it; a user without an entry in passwd has a number only. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? `uid-${process.getuid?.() ?? 0}`;
  }
}

function entryArguments(entryPoint: EntryPoint): readonly string[] {
  switch (entryPoint.kind) {
    case 'class':
      return ['-m', 'procvision_algorithm_sdk.adapter', '--entry', entryPoint.text];
    case 'module':
      return ['-m', entryPoint.module];
    case 'file':
      return [entryPoint.path];
  }
}
