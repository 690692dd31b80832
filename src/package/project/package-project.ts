import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RunnerError } from '../../errors/index.js';
import { discoverInterpreters } from '../interpreter/discover.js';
import { ENVIRONMENT_FILE } from '../interpreter/environment-need.js';
import type { EnvironmentNeed } from '../interpreter/environment-need.js';
import { PACKAGE_FILES } from '../layout/locate-package.js';
import type { Manifest } from '../manifest/manifest.js';
import { validatePackage } from '../validation/validate-package.js';
import { sha256File } from '../wheels/hash-file.js';
import { parseWheelName } from '../wheels/wheel-name.js';
import { collectFiles } from './collect-files.js';
import { environmentFile, readTarget } from './environment-file.js';
import { gatherWheels } from './gather-wheels.js';
import type { PackageOptions } from './package-options.js';
import { readRequirements, withSdk } from './project-requirements.js';
import { readManifest } from './read-manifest.js';
import { sdkFor } from './sdk-plan.js';
import { writeZip } from './write-zip.js';
import type { ZipItem } from './write-zip.js';

export interface PackagedProject {
  readonly zip: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Paths inside the zip. */
  readonly files: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Builds the offline zip of a source project, the same bytes every time for the same content. The finished zip passes
 * every static check that does not depend on a machine before it appears under its name.
 *
 * @throws RunnerError manifest_missing, invalid_zip, wheels_missing, install_failed
 */
export async function packageProject(project: string, options: PackageOptions = {}): Promise<PackagedProject> {
  const scratch = await mkdtemp(join(tmpdir(), 'procvision-package-'));
  try {
    return await build(resolve(project), options, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function build(project: string, options: PackageOptions, scratch: string): Promise<PackagedProject> {
  const { bytes: manifestBytes, manifest } = await readManifest(project, options.version);
  const python = once(async () => options.python ?? (await installerOf()));
  const listed = await readRequirements({
    project,
    python,
    ...(options.requirements === undefined ? {} : { requirements: options.requirements }),
    ...(options.autoFreeze === undefined ? {} : { autoFreeze: options.autoFreeze }),
  });
  const sdk = sdkFor(manifest, listed.requirements, options.sdkWheel);
  const target = { ...(await readTarget(project)), ...targetOf(options) };
  const wheels = await gatherWheels({
    project,
    options,
    scratch,
    python,
    target,
    sdk,
    requirements: listed.requirements,
  });
  const { files, skipped } = await collectFiles(project);

  const generated: ReadonlyMap<string, Buffer | undefined> = new Map([
    [PACKAGE_FILES.manifest, manifestBytes],
    [PACKAGE_FILES.requirements, Buffer.from(sdk.isAdded ? withSdk(listed.text, sdk.version) : listed.text)],
    [
      ENVIRONMENT_FILE,
      environmentFile(
        target,
        [...wheels.keys()].flatMap((file) => parseWheelName(file) ?? []),
      ),
    ],
  ]);
  const items: ZipItem[] = [
    ...files
      .filter(({ path }) => !generated.has(path) && !path.startsWith(`${PACKAGE_FILES.wheels}/`))
      .map(({ path, executable }) => ({ path, executable, content: { file: join(project, path) } })),
    ...[...generated].flatMap(([path, bytes]) => (bytes === undefined ? [] : [{ path, content: { bytes } }])),
    ...[...wheels].map(([name, file]) => ({
      path: `${PACKAGE_FILES.wheels}/${name}`,
      packed: true,
      content: { file },
    })),
  ];
  const zip = await outputOf(options.output, manifest);
  await writeZip(zip, items, mustBeValid);
  return {
    zip,
    sha256: await sha256File(zip),
    bytes: (await stat(zip)).size,
    files: items.map(({ path }) => path).sort(),
    warnings: [
      ...listed.warnings,
      ...sdk.warnings,
      ...skipped.map((path) => `${path} is not a plain file and was left out`),
    ],
  };
}

function targetOf({ pythonVersion, implementation, abi, wheelsPlatform: platform }: PackageOptions): EnvironmentNeed {
  return Object.fromEntries(
    Object.entries({ pythonVersion, implementation, abi, platform }).filter(([, value]) => value !== undefined),
  );
}

async function outputOf(output: string | undefined, { name, version }: Manifest): Promise<string> {
  const advised = `${name}-v${version}-offline.zip`;
  const path = resolve(output ?? '.');
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  return isFolder ? join(path, advised) : path;
}

async function installerOf(): Promise<string> {
  const found = (await discoverInterpreters()).find(({ canInstall }) => canInstall);
  if (found !== undefined) return found.executable;
  throw new RunnerError('host_unfit', 'There is no Python with pip to fetch wheels with.', {
    hint: 'Install pip (Debian: apt install python3-pip), or put the wheels into wheels/ and use --skip-download.',
  });
}

async function mustBeValid(zip: string): Promise<void> {
  const { report } = await validatePackage(zip);
  if (report.fault !== undefined) throw RunnerError.from(report.fault);
}

function once<T>(get: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () => (value ??= get());
}
