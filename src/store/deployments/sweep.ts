import { keyOf } from '../../../machines/release.js';
import { join } from 'node:path';
import { toFault } from '../../base/errors/index.js';
import { kindOf, listIfThere, nodeFileSystem, removeTree, syncFolder } from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import type { StoreLayout } from '../layout.js';
import type { ProblemKind, StoreProblem } from '../problem.js';
import { isSafeFileName } from '../../base/files/index.js';
import { discardDeployment } from './trash.js';
import { deploymentState } from './marker.js';
import type { DeploymentState, InstallationRecord } from './marker.js';

/** A complete deployment on disk. */
export interface DeploymentFacts {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  readonly record: InstallationRecord;
}

export interface SweptDeployments {
  readonly deployments: readonly DeploymentFacts[];
  /** What was removed, could not be, or is not ours to remove. */
  readonly problems: readonly StoreProblem[];
}

/**
 * At a start, before any work: removes staging folders and incomplete deployments, and lists the complete ones. Safe to
 * be killed in, and to be run again.
 * @throws RunnerError store_io_failed when the folders themselves cannot be read
 */
export async function sweepDeployments(
  layout: StoreLayout,
  fs: FileSystem = nodeFileSystem,
): Promise<SweptDeployments> {
  const deployments: DeploymentFacts[] = [];
  const problems = await sweepStaging(layout, fs);
  for (const { name, kind } of await listIfThere(layout.deployed, fs)) {
    if (kind !== 'folder') {
      problems.push(problem('deployment_unrecognised', name, `deployed/${name} is not a folder.`, null));
      continue;
    }
    for (const { name: version } of await listIfThere(join(layout.deployed, name), fs)) {
      const found = await sweepOne(layout, name, version, fs);
      if ('what' in found) problems.push(found);
      else deployments.push(found);
    }
    await fs.removeFolder(join(layout.deployed, name)).catch(() => undefined); // only an empty one goes
  }
  return { deployments, problems };
}

/** Of a staging folder, a deployment moved out of the way, a scratch folder of the packaging tools. */
const OWN_NAME = /^(?:(?:.+-)?[0-9a-f]{16}|procvision-[a-z-]+-[A-Za-z0-9]{6})$/;

async function sweepStaging(layout: StoreLayout, fs: FileSystem): Promise<StoreProblem[]> {
  const problems: StoreProblem[] = [];
  if ((await kindOf(layout.staging, fs)) !== 'folder') return problems; // what a link leads to is not ours
  const left = await listIfThere(layout.staging, fs);
  if (left.length > 0) await syncFolder(layout.staging, fs); // a deployment moved here must not come back with files missing
  for (const { name } of left) {
    const subject = `algorithms/.staging/${name}`;
    if (!OWN_NAME.test(name)) {
      const message = `${subject} has no name that a Runner gives; it is left alone.`;
      problems.push(problem('leftover_unrecognised', subject, message, null));
      continue;
    }
    const failure = await failureOf(removeTree(join(layout.staging, name), fs));
    const message = `${subject} was left by a Runner that did not end properly${failure ?? ''}.`;
    problems.push(problem('leftover', subject, message, failure === undefined ? 'removed' : null));
  }
  return problems;
}

async function sweepOne(
  layout: StoreLayout,
  name: string,
  version: string,
  fs: FileSystem,
): Promise<DeploymentFacts | StoreProblem> {
  const key = keyOf({ name, version });
  const unrecognised = (reason: string): StoreProblem =>
    problem('deployment_unrecognised', key, `deployed/${name}/${version} ${reason}; it is left alone.`, null);
  if (!isSafeFileName(name) || !isSafeFileName(version)) return unrecognised('has a name no release can have');
  const folder = layout.deployment(name, version);
  const state = await deploymentState(folder, fs).catch((error: unknown): DeploymentState => ({
    kind: 'unrecognised',
    reason: `cannot be read: ${toFault(error).message}`,
  }));
  switch (state.kind) {
    case 'absent':
      return unrecognised('vanished while it was looked at');
    case 'unrecognised':
      return unrecognised(state.reason);
    case 'complete': {
      const { record } = state;
      if (record.name === name && record.version === version) return { name, version, folder, record };
      return unrecognised(`holds a copy of ${keyOf(record)}`);
    }
    case 'incomplete': {
      const failure = await failureOf(discardDeployment(layout, name, version, fs));
      const message = `The deployment of ${key} was cut short${failure ?? ''}.`;
      return problem('deployment_incomplete', key, message, failure === undefined ? 'removed' : null);
    }
  }
}

function problem(what: ProblemKind, subject: string, message: string, done: string | null): StoreProblem {
  return { what, subject, message, done };
}

async function failureOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => `, and cannot be removed: ${toFault(error).message}`,
  );
}
