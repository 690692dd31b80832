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
import type { EffectServices } from './effect-services.js';

/**
 * The effects that turn a zip into a deployed release (contract §3.2, §3.3). Each does one stage and reports how far it
 * is; what follows a stage is the package machine's business.
 */

/** Static validation; its report is kept whatever comes of it. @throws RunnerError of the first check that failed */
export async function validatePackage(services: EffectServices, key: ReleaseKey): Promise<ValidationFacts> {
  const file = fileOf(services, key);
  services.progress({ key, stage: 'validating', percent: 0 });
  const { report, validated } = await validate(services.layout.zip(file.zip), {
    interpreters: await services.interpreters(),
    scratch: services.layout.staging,
    limits: services.packageLimits,
    requireSpace: (folder, need) => requireSpace(folder, need, `Looking into the wheels of ${key}`),
  });
  file.report = report;
  file.validated = validated ?? null;
  file.manifest = validated?.manifest ?? null;
  if (report.fault !== undefined) {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- a fault is what a machine takes
    throw report.fault;
  }
  services.progress({ key, stage: 'validating', percent: 100 });
  return { supportedPids: validatedOf(services, key).manifest.supportedPids };
}

/** Unpacks through staging, then moves to the final folder, marked incomplete: environments hold absolute paths. */
export async function extractPackage(services: EffectServices, key: ReleaseKey, signal: AbortSignal): Promise<void> {
  const { name, version } = releaseOf(key);
  const file = fileOf(services, key);
  if (file.validated === null) await validatePackage(services, key);
  const { archive, plan, footprint } = validatedOf(services, key);
  file.deployStartedMs = performance.now();
  await requireSpace(services.layout.deployed, footprint, `Installing ${key}`);
  const staging = await newStaging(services.layout);
  try {
    await extractArchive(archive, staging, {
      limits: services.packageLimits,
      plan,
      signal,
      onProgress: ({ bytes, bytesTotal }) =>
        services.progress({ key, stage: 'extracting', percent: percentOf(bytes, bytesTotal) }),
    });
    await beginDeployment(services.layout, name, version, { from: staging });
  } catch (error) {
    await removeTree(staging).catch(() => undefined); // swept at the next start; the first failure is the one to report
    throw error;
  }
}

export async function buildEnvironment(services: EffectServices, key: ReleaseKey, signal: AbortSignal): Promise<void> {
  services.progress({ key, stage: 'environment', percent: 0 });
  const { interpreter } = validatedOf(services, key);
  const launcher = (command: Command): Command => isolated(services.isolation, command);
  const systemPackages = interpreter.systemPackages !== undefined;
  const folder = folderOf(services, key);
  await createEnvironment({ python: interpreter.executable, folder, systemPackages, launcher, signal });
  services.progress({ key, stage: 'environment', percent: 100 });
}

export async function installWheels(
  services: EffectServices,
  key: ReleaseKey,
  signal: AbortSignal,
): Promise<ReleaseFacts> {
  const folder = folderOf(services, key);
  const { interpreter, manifest, requirements } = validatedOf(services, key);
  services.progress({ key, stage: 'installing', percent: 0 });
  await installInto({
    python: interpreter.executable,
    venv: join(folder, 'venv'),
    wheelsFolder: join(folder, 'wheels'),
    requirements,
    scratch: services.layout.staging,
    launcher: (command) => isolated(services.isolation, command),
    signal,
    onProgress: ({ percent }) => services.progress({ key, stage: 'installing', percent }),
  });
  fileOf(services, key).filesSha256 = await listInstalledFiles(folder);
  services.progress({ key, stage: 'installing', percent: 100 });
  const launch = launchSpec({ folder, entryPoint: manifest.entryPoint });
  return { supportedPids: manifest.supportedPids, launch };
}

/** Writes the installation record, makes every file durable and takes the incomplete mark away. */
export async function completeDeployment(services: EffectServices, key: ReleaseKey): Promise<void> {
  const { name, version } = releaseOf(key);
  const file = fileOf(services, key);
  const { interpreter, requirements } = validatedOf(services, key);
  services.progress({ key, stage: 'registering', percent: 0 });
  const steps = await takeSteps(services, key);
  await complete(services.layout, {
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
      manifest_sha256: await deployedManifestSha256(folderOf(services, key)),
    },
  });
  file.validated = null;
  services.progress({ key, stage: 'registering', percent: 100 });
}

/**
 * Of a manifest without steps: those that get_info() told at the probe.
 *
 * @returns them as told, for the record
 */
async function takeSteps(services: EffectServices, key: ReleaseKey): Promise<unknown> {
  const { manifest } = validatedOf(services, key);
  if (manifest.steps.length > 0) return undefined;
  const told = services.stepsTold.get(key);
  services.stepsTold.delete(key);
  fileOf(services, key).manifest = await manifestWithSteps(key, folderOf(services, key), told);
  return told;
}

const folderOf = ({ layout }: EffectServices, key: ReleaseKey): string => {
  const { name, version } = releaseOf(key);
  return layout.deployment(name, version);
};

function validatedOf(services: EffectServices, key: ReleaseKey): ValidatedPackage {
  const { validated } = fileOf(services, key);
  if (validated === null) throw new RunnerError('operation_conflict', `${key} has to be validated again first.`);
  return validated;
}

const percentOf = (done: number, total: number): number => (total === 0 ? 100 : Math.round((done / total) * 100));
