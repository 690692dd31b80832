import { join } from 'node:path';
import type { ReleaseFacts, ValidationFacts } from '../../machines/package.events.js';
import { releaseOf } from '../../machines/release.js';
import type { ReleaseKey } from '../../machines/release.js';
import { RunnerError } from '../base/errors/index.js';
import {
  createEnvironment,
  extractArchive,
  installWheels as installInto,
  validatePackage as validate,
} from '../package/index.js';
import { isolated } from '../platform/index.js';
import type { Command } from '../platform/index.js';
import type { ValidatedPackage } from '../package/index.js';
import {
  beginDeployment,
  completeDeployment as complete,
  listInstalledFiles,
  newStaging,
  removeTree,
  requireSpace,
} from '../store/index.js';
import { deployedManifestSha256, manifestWithSteps } from './deployed-manifest.js';
import { launchSpec } from './launch.js';
import { fileOf } from './effect-services.js';
import type { Workshop } from './effect-services.js';

/**
 * The effects that turn a zip into a deployed release (contract §3.2, §3.3). Each does one stage and reports how far it
 * is; what follows a stage is the package machine's business.
 */

/** Static validation; its report is kept whatever comes of it. @throws RunnerError of the first check that failed */
export async function validatePackage(workshop: Workshop, key: ReleaseKey): Promise<ValidationFacts> {
  const file = fileOf(workshop, key);
  workshop.progress({ key, stage: 'validating', percent: 0 });
  const { report, validated } = await validate(workshop.layout.zip(file.zip), {
    interpreters: await workshop.interpreters(),
    scratch: workshop.layout.staging,
    limits: workshop.packageLimits,
    requireSpace: (folder, need) => requireSpace(folder, need, `Looking into the wheels of ${key}`),
  });
  file.report = report;
  file.validated = validated ?? null;
  file.manifest = validated?.manifest ?? null;
  if (report.fault !== undefined) {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- a fault is what a machine takes
    throw report.fault;
  }
  workshop.progress({ key, stage: 'validating', percent: 100 });
  return { supportedPids: validatedOf(workshop, key).manifest.supportedPids };
}

/** Unpacks through staging, then moves to the final folder, marked incomplete: environments hold absolute paths. */
export async function extractPackage(workshop: Workshop, key: ReleaseKey, signal: AbortSignal): Promise<void> {
  const { name, version } = releaseOf(key);
  const file = fileOf(workshop, key);
  if (file.validated === null) await validatePackage(workshop, key);
  const { archive, plan, footprint } = validatedOf(workshop, key);
  file.deployStartedMs = performance.now();
  await requireSpace(workshop.layout.deployed, footprint, `Installing ${key}`);
  const staging = await newStaging(workshop.layout);
  try {
    await extractArchive(archive, staging, {
      limits: workshop.packageLimits,
      plan,
      signal,
      onProgress: ({ bytes, bytesTotal }) =>
        workshop.progress({ key, stage: 'extracting', percent: percentOf(bytes, bytesTotal) }),
    });
    await beginDeployment(workshop.layout, name, version, { from: staging });
  } catch (error) {
    await removeTree(staging).catch(() => undefined); // swept at the next start; the first failure is the one to report
    throw error;
  }
}

export async function buildEnvironment(workshop: Workshop, key: ReleaseKey, signal: AbortSignal): Promise<void> {
  workshop.progress({ key, stage: 'environment', percent: 0 });
  const { interpreter } = validatedOf(workshop, key);
  const launcher = (command: Command): Command => isolated(workshop.isolation, command);
  const systemPackages = interpreter.systemPackages !== undefined;
  const folder = folderOf(workshop, key);
  await createEnvironment({ python: interpreter.executable, folder, systemPackages, launcher, signal });
  workshop.progress({ key, stage: 'environment', percent: 100 });
}

export async function installWheels(workshop: Workshop, key: ReleaseKey, signal: AbortSignal): Promise<ReleaseFacts> {
  const folder = folderOf(workshop, key);
  const { interpreter, manifest, requirements } = validatedOf(workshop, key);
  workshop.progress({ key, stage: 'installing', percent: 0 });
  await installInto({
    python: interpreter.executable,
    venv: join(folder, 'venv'),
    wheelsFolder: join(folder, 'wheels'),
    requirements,
    scratch: workshop.layout.staging,
    launcher: (command) => isolated(workshop.isolation, command),
    signal,
    onProgress: ({ percent }) => workshop.progress({ key, stage: 'installing', percent }),
  });
  fileOf(workshop, key).filesSha256 = await listInstalledFiles(folder);
  workshop.progress({ key, stage: 'installing', percent: 100 });
  const launch = launchSpec({ folder, entryPoint: manifest.entryPoint });
  return { supportedPids: manifest.supportedPids, launch };
}

/** Writes the installation record, makes every file durable and takes the incomplete mark away. */
export async function completeDeployment(workshop: Workshop, key: ReleaseKey): Promise<void> {
  const { name, version } = releaseOf(key);
  const file = fileOf(workshop, key);
  const { interpreter, requirements } = validatedOf(workshop, key);
  workshop.progress({ key, stage: 'registering', percent: 0 });
  const steps = await takeSteps(workshop, key);
  await complete(workshop.layout, {
    name,
    version,
    sha256: file.sha256,
    installation: {
      interpreter: interpreter.executable,
      python_version: interpreter.version,
      ...(interpreter.systemPackages === undefined ? {} : { system_packages: true }),
      wheels: requirements.map(({ file: wheel, sha256 }) => ({ file: wheel, sha256 })),
      installed_at: new Date().toISOString(),
      duration_ms: Math.round(performance.now() - file.deployStartedMs),
      files_sha256: file.filesSha256,
      ...(steps === undefined ? {} : { steps }),
      manifest_sha256: await deployedManifestSha256(folderOf(workshop, key)),
    },
  });
  file.validated = null;
  workshop.progress({ key, stage: 'registering', percent: 100 });
}

/**
 * Of a manifest without steps: those that get_info() told at the probe.
 *
 * @returns them as told, for the record
 */
async function takeSteps(workshop: Workshop, key: ReleaseKey): Promise<unknown> {
  const { manifest } = validatedOf(workshop, key);
  if (manifest.steps.length > 0) return undefined;
  const told = workshop.stepsTold.get(key);
  workshop.stepsTold.delete(key);
  fileOf(workshop, key).manifest = await manifestWithSteps(key, folderOf(workshop, key), told);
  return told;
}

const folderOf = ({ layout }: Workshop, key: ReleaseKey): string => {
  const { name, version } = releaseOf(key);
  return layout.deployment(name, version);
};

function validatedOf(workshop: Workshop, key: ReleaseKey): ValidatedPackage {
  const { validated } = fileOf(workshop, key);
  if (validated === null) throw new RunnerError('operation_conflict', `${key} has to be validated again first.`);
  return validated;
}

const percentOf = (done: number, total: number): number => (total === 0 ? 100 : Math.round((done / total) * 100));
