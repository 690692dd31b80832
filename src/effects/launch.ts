import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LaunchSpec } from '../../machines/process.events.js';
import type { EntryPoint } from '../package/index.js';

/**
 * How a process of a deployed release is started (contract §3.1, §11). Its environment is made from nothing: what a
 * process needs to live, what the SDK asks for, and no secret of the host. PROC_SHM_DIR belongs to one process and comes
 * with it.
 */
export function launchSpec(release: { readonly folder: string; readonly entryPoint: EntryPoint }): LaunchSpec {
  const { folder, entryPoint } = release;
  const bin = join(folder, 'venv', 'bin');
  const { PATH = '/usr/bin:/bin', LANG = 'C.UTF-8' } = process.env;
  return {
    command: join(bin, 'python'),
    args: ['-u', ...entryArguments(entryPoint)],
    folder,
    environment: {
      PATH: `${bin}:${PATH}`,
      LANG,
      TMPDIR: tmpdir(),
      VIRTUAL_ENV: join(folder, 'venv'),
      PYTHONUTF8: '1',
      PROC_ENV: 'prod',
      PROC_ALGO_ROOT: folder,
      PROC_ENTRY_POINT: entryPoint.text,
    },
  };
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
