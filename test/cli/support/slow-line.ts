import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageProject } from '../../../src/api/package.js';
import { createRunner } from '../../../src/index.js';
import type { Desk } from './command-line.js';
import { adoptEnvironment } from './environment.js';
import { writeSlowProject } from './slow-project.js';
import type { SlowProject } from './slow-project.js';

/** The SDK's wheel comes with the build. */
const WHEELS = fileURLToPath(new URL('../../../dist/python/', import.meta.url));

/**
 * A store with one release of `slow` for each project; P1 and P2 are bound to the first.
 *
 * @param pids those that are bound
 */
export async function openSlowLine(
  commandLine: Desk,
  projects: readonly SlowProject[],
  pids: readonly string[] = ['P1', 'P2'],
): Promise<void> {
  adoptEnvironment();
  const runner = await createRunner({ store: commandLine.path('runtime_store'), resume: false, scanIntervalMs: 0 });
  try {
    for (const project of projects)
      await runner.install(await packageSlow(commandLine, project), { target: 'Deployed' });
    if (pids.length > 0) await runner.activate(`slow@${projects[0]?.version ?? '1.0.0'}`, pids);
  } finally {
    await runner.close();
  }
}

/** @returns the path of the zip */
export async function packageSlow(commandLine: Desk, project: SlowProject): Promise<string> {
  const folder = `slow-${project.version ?? '1.0.0'}`;
  writeSlowProject(commandLine.path(folder), { pids: ['P1', 'P2'], ...project });
  return zipOf(commandLine, folder);
}

/** @returns the path of a project's zip, made with the SDK but without a process for it */
export async function zipOf(commandLine: Desk, project: string): Promise<string> {
  adoptEnvironment();
  const wheel = readdirSync(WHEELS).find((name) => name.endsWith('.whl')) ?? 'missing: run the build';
  const { zip } = await packageProject(commandLine.path(project), {
    output: commandLine.folder,
    sdkWheel: join(WHEELS, wheel),
  });
  return zip;
}
