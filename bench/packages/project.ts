import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageProject } from '../../src/api/package.js';
import { ALGORITHM } from './places.js';
import type { WheelFile } from './wheel-file.js';

export const PID = 'A01';

/** What packages are made of and where. */
export interface Materials {
  readonly scratch: string;
  readonly sdkWheel: string;
}

export interface ProjectOptions {
  readonly name: string;
  readonly version: string;
  /** Class in bench_algorithm: `trivial:Trivial`, `images:Images`. */
  readonly entry: string;
  /** PIDs it supports; the one of most lines when left out. */
  readonly pids?: readonly string[];
  readonly params?: readonly object[];
  readonly wheels?: readonly WheelFile[];
  /** Folder on the host that has NumPy, for a package that comes without a wheel of it. */
  readonly numpyFolder?: string;
}

/** Builds the offline zip of an algorithm of the benchmark, as `procvision package` does. @returns its path */
export async function makePackage({ scratch, sdkWheel }: Materials, options: ProjectOptions): Promise<string> {
  const { name, version, entry, pids = [PID], params = [], wheels = [], numpyFolder } = options;
  const project = join(scratch, 'projects', `${name}-${version}`);
  const output = join(scratch, 'packages');
  await mkdir(output, { recursive: true });
  await mkdir(join(project, 'wheels'), { recursive: true });
  await cp(ALGORITHM, project, { recursive: true, filter: (path) => !path.includes('__pycache__') });
  const manifest = {
    name,
    version,
    entry_point: `bench_algorithm.${entry}`,
    supported_pids: pids,
    steps: [{ index: 1, name: 'look', params }],
  };
  await writeFile(join(project, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(project, 'requirements.txt'), wheels.map((wheel) => `${wheel.requirement}\n`).join(''));
  for (const { file, bytes } of wheels) await writeFile(join(project, 'wheels', file), bytes);
  if (numpyFolder !== undefined) await writeFile(join(project, 'numpy_folder.txt'), numpyFolder);
  const { zip } = await packageProject(project, { output, sdkWheel, skipDownload: true });
  return zip;
}
