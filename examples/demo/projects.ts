import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageProject } from '../../src/api/package.js';
import { EXAMPLES, OUTPUT, sdkWheel } from './places.js';

export const NAME = 'screw-check';
const PROJECT = join(EXAMPLES, NAME);
const ENTRY = join('screw_check', 'main.py');

/** What the demo installs: two releases, the second with a flaw that only the line will show, and a broken package. */
export interface Packages {
  readonly sound: string;
  readonly flawed: string;
  readonly broken: string;
}

/** All three from the same project. */
export async function makePackages(): Promise<Packages> {
  const output = join(OUTPUT, 'packages');
  await mkdir(output, { recursive: true });
  const wheel = await sdkWheel();
  const make = async (project: string, version: string): Promise<string> =>
    (await packageProject(project, { output, sdkWheel: wheel, skipDownload: true, version })).zip;
  return {
    sound: await make(PROJECT, '1.0.0'),
    flawed: await make(await changed('flawed-project', NAME, forgetfulLayouts), '1.1.0'),
    broken: await make(await changed('broken-project', `${NAME}-broken`, missingImport), '1.0.0'),
  };
}

async function changed(folder: string, name: string, change: (source: string) => string): Promise<string> {
  const project = join(OUTPUT, folder);
  await cp(PROJECT, project, { recursive: true, filter: (path) => !path.includes('__pycache__') });
  const manifest = JSON.parse(await readFile(join(project, 'manifest.json'), 'utf8')) as Record<string, unknown>;
  await writeFile(join(project, 'manifest.json'), JSON.stringify({ ...manifest, name }, null, 2));
  const source = await readFile(join(project, ENTRY), 'utf8');
  const own = change(source);
  if (own === source) throw new Error(`${ENTRY} is not what the demo thinks it is`);
  await writeFile(join(project, ENTRY), own);
  return project;
}

/** It gets ready, agrees with its manifest and inspects A01; A02 it has no layout for. */
const forgetfulLayouts = (source: string): string =>
  source.replace(
    'in self._manifest["required_assets"].items():',
    'in [*self._manifest["required_assets"].items()][:1]:',
  );

/** It packages well, and fails as soon as it is started. */
const missingImport = (source: string): string => `${source}\nimport a_module_nobody_delivers\n`;
