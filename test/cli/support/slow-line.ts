import { expect } from 'vitest';
import type { Desk, Ended } from './command-line.js';
import { runInside } from './run-inside.js';
import { writeSlowProject } from './slow-project.js';
import type { SlowProject } from './slow-project.js';

/** A store with one release of `slow` for each project; P1 and P2 are bound to the first. */
export async function openSlowLine(desk: Desk, projects: readonly SlowProject[]): Promise<void> {
  const store = ['--store', desk.path('runtime_store')];
  for (const project of projects) await inside(['install', await packageSlow(desk, project), '--no-start', ...store]);
  await inside(['activate', `slow@${projects[0]?.version ?? '1.0.0'}`, '--pid', 'P1', 'P2', ...store]);
}

/** @returns the path of the zip */
export async function packageSlow(desk: Desk, project: SlowProject): Promise<string> {
  const { version = '1.0.0' } = project;
  writeSlowProject(desk.path(`slow-${version}`), { pids: ['P1', 'P2'], ...project });
  done(await desk.run(['package', `slow-${version}`])); // the SDK's wheel comes with the build
  return desk.path(`slow-v${version}-offline.zip`);
}

const inside = async (words: readonly string[]): Promise<void> => done(await runInside(words));

const done = ({ code, stderr }: Ended): void =>
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
