import { basename } from 'node:path';
import { RunnerError, toFault } from '../../base/errors/index.js';
import type { Archive } from '../archive/archive.js';
import { readArchive } from '../archive/read-archive.js';
import { chooseInterpreter } from '../interpreter/choose-interpreter.js';
import type { InterpreterChoice } from '../interpreter/choose-interpreter.js';
import { ENVIRONMENT_FILE, parseEnvironmentNeed } from '../interpreter/environment-need.js';
import type { Interpreter } from '../interpreter/interpreter.js';
import { locatePackage } from '../layout/locate-package.js';
import type { PackageLayout } from '../layout/locate-package.js';
import type { Manifest } from '../manifest/manifest.js';
import { parseDependency } from '../requirements/dependency.js';
import { normaliseName } from '../requirements/project-name.js';
import { isExecuteOnly, SDK } from '../sdk.js';
import { sha256File } from '../wheels/hash-file.js';
import type { Wheel } from '../wheels/inspect-wheel.js';
import type { WheelName } from '../wheels/wheel-name.js';
import { pinned } from '../wheels/pinned-wheel.js';
import type { PinnedWheel } from '../wheels/pinned-wheel.js';
import type { Wanted } from '../wheels/wanted.js';
import type { Footprint } from './check-budget.js';
import { checkZippedWheels } from './check-wheels.js';
import type { WheelCheckOptions } from './check-wheels.js';
import { checkAssets, checkEntryPoint, checkManifest, checkRequirements } from './checks.js';
import { checkSources } from './check-sources.js';
import { zipSource } from './package-source.js';
import type { PackageSource } from './package-source.js';
import { ReportBuilder } from './report.js';
import type { Finding, ValidationReport } from './report.js';
import { wantedWheels } from './wanted-wheels.js';

/** What a deployment needs to know of a package that passed. */
export interface ValidatedPackage {
  readonly archive: Archive;
  /** Of the zip. */
  readonly sha256: string;
  /** From a path in the zip to its path in the deployed folder. */
  readonly plan: ReadonlyMap<string, string>;
  readonly manifest: Manifest;
  readonly interpreter: Interpreter;
  /** Everything to install, dependencies of dependencies included: what `installWheels` takes. */
  readonly requirements: readonly PinnedWheel[];
  readonly wheels: readonly Wheel[];
  /** Unpacked and with those wheels installed. */
  readonly footprint: Footprint;
}

export interface ValidateOptions extends WheelCheckOptions {
  /** Those of this machine; without them only what does not depend on the machine is checked. */
  readonly interpreters?: readonly Interpreter[];
  /** Also parse the sources with the interpreter that is chosen; where a probe follows, that finds the same. */
  readonly parseSources?: boolean;
}

export interface Validation {
  readonly report: ValidationReport;
  /** Present when no check failed and an interpreter was chosen. */
  readonly validated?: ValidatedPackage;
}

const ENVIRONMENT_BYTES_MAX = 64 * 1024;

/**
 * Static validation of a zip (contract §3.2). Nothing is unpacked but wheels, for as long as they are looked at; every
 * check that can run does.
 *
 * @throws only the signal's reason when aborted: whatever is wrong with the package is in the report
 */
export async function validatePackage(zipPath: string, options: ValidateOptions = {}): Promise<Validation> {
  const report = new ReportBuilder(zipPath);
  const found = await look(report, zipPath, options);
  options.signal?.throwIfAborted();
  const built = report.build();
  return built.ok && found !== undefined ? { report: built, validated: found } : { report: built };
}

async function look(
  report: ReportBuilder,
  zipPath: string,
  options: ValidateOptions,
): Promise<ValidatedPackage | undefined> {
  const zip = await report.run('archive', () => checkArchive(zipPath, options));
  if (zip === undefined) return undefined;
  const { archive, sha256 } = zip;
  const layout = await report.run('layout', () => checkLayout(archive));
  if (layout === undefined) return undefined;

  const source = zipSource(archive, layout);
  const manifest = await report.run('manifest', () => checkManifest(source));
  const requirements = await report.run('requirements', () => checkRequirements(source));
  const wheels = await report.run('wheels_present', () => checkZippedWheels(archive, layout, options));
  if (manifest !== undefined) {
    await report.run('assets', () => checkAssets(manifest, source));
    await report.run('file_name', () => checkFileName(basename(zipPath), manifest));
  }
  if (manifest === undefined || wheels === undefined) return undefined;
  await report.run('entry_point', () => {
    requireServedSdk(wheels);
    return checkEntryPoint(manifest, source, wheels);
  });
  if (requirements === undefined) return undefined;

  const wanted = wantedWheels(requirements, manifest, source.files);
  const choice = await choose(report, source, wanted, wheels, options.interpreters);
  if (choice === undefined) return undefined;
  const { interpreter } = choice;
  if (options.parseSources === true) {
    await report.run('entry_point', () => checkSources({ manifest, source, wheels, interpreter }, options.signal));
  }
  return {
    archive,
    sha256,
    plan: layout.plan,
    manifest,
    interpreter,
    requirements: choice.wheels.map(pinned),
    wheels: choice.wheels,
    footprint: {
      bytes: choice.wheels.reduce((sum, { totalBytes }) => sum + totalBytes, archive.totalBytes),
      entries: choice.wheels.reduce((sum, { entryCount }) => sum + entryCount, archive.entries.length),
    },
  };
}

/** @throws RunnerError sdk_unsupported */
function requireServedSdk(wheels: readonly WheelName[]): void {
  const own = wheels.filter(({ key }) => key === SDK.key);
  if (own.length === 0 || !own.every(({ version }) => isExecuteOnly(version.text))) return;
  const files = own.map(({ file }) => file).join(', ');
  throw new RunnerError('sdk_unsupported', `The package brings ${files}, the execute-only SDK.`, {
    details: { check: 'entry_point', wheels: own.map(({ file }) => file) },
  });
}

async function checkArchive(path: string, { limits, signal }: ValidateOptions) {
  const archive = await readArchive(path, limits);
  const sha256 = await sha256File(path, signal);
  const files = archive.entries.filter(({ kind }) => kind === 'file').length;
  return { value: { archive, sha256 }, message: `${files} files, ${archive.totalBytes} bytes unpacked` };
}

function checkLayout(archive: Archive): Finding<PackageLayout> {
  const layout = locatePackage(archive);
  const { root, ignored, litter } = layout;
  return {
    value: layout,
    message: root === '' ? 'files at the root of the zip' : `files in ${root}`,
    warnings: [...told('not part of the package', ignored), ...told('left by a desktop, and left out', litter)],
  };
}

const told = (what: string, paths: readonly string[]): readonly string[] => {
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : '';
  return paths.length === 0 ? [] : [`${what}: ${paths.slice(0, 3).join(', ')}${more}`];
};

function checkFileName(file: string, { name, version }: Manifest): Finding<null> {
  const advised = `${name}-v${version}-offline.zip`;
  const warnings = file === advised ? [] : [`${advised} is the recommended name`];
  return { value: null, message: file, warnings };
}

function toInstall({ wheels, system, interpreter }: InterpreterChoice): string {
  const own = system.map(({ key, version }) => `${key} ${version}`).join(', ');
  return `${wheels.length} to install${own === '' ? '' : `; Python ${interpreter.version} itself has ${own}`}`;
}

/** Where wheels/ holds what is missing as a source distribution, fetching a wheel would often bring the same again. */
function withSources(error: RunnerError, files: ReadonlySet<string>): RunnerError {
  const { missing } = error.details as { readonly missing?: readonly { readonly requirement: string }[] };
  const wanted = parseDependency(missing?.[0]?.requirement ?? '');
  if ('problem' in wanted) return error;
  const source = [...files].find((path) => sourceName(path) === wanted.key);
  if (source === undefined) return error;
  const message = `${error.message.slice(0, -1)}; ${source} is a source distribution, which nothing is built from on a host.`;
  const hint = `Build a wheel of it on a machine like the host (pip wheel --no-deps --wheel-dir wheels ${source}), then package again.`;
  return new RunnerError('wheels_missing', message, { hint, details: error.details, cause: error });
}

const sourceName = (path: string): string | undefined => {
  const [, name] = /^wheels\/(.+)-\d[^-]*\.(?:tar\.gz|tar\.bz2|tgz|zip)$/i.exec(path) ?? [];
  return name === undefined ? undefined : normaliseName(name);
};

/** One choice, told as two checks: the interpreter fits, and the wheels answer every requirement on it. */
async function choose(
  report: ReportBuilder,
  source: PackageSource,
  wanted: readonly Wanted[],
  wheels: readonly Wheel[],
  interpreters: readonly Interpreter[] | undefined,
): Promise<InterpreterChoice | undefined> {
  if (interpreters === undefined) {
    report.skip('interpreter', 'no interpreters of a machine were given');
    report.skip('wheels_resolve', 'they resolve for an interpreter');
    return undefined;
  }
  try {
    const environment = source.files.has(ENVIRONMENT_FILE)
      ? parseEnvironmentNeed(await source.read(ENVIRONMENT_FILE, ENVIRONMENT_BYTES_MAX))
      : {};
    const choice = chooseInterpreter(interpreters, { environment, wanted, wheels });
    const { version, executable } = choice.interpreter;
    await report.run('interpreter', () => ({ value: null, message: `Python ${version} at ${executable}` }));
    await report.run('wheels_resolve', () => ({ value: null, message: toInstall(choice) }));
    return choice;
  } catch (error) {
    const isAboutWheels = error instanceof RunnerError && error.faultName === 'wheels_missing';
    if (isAboutWheels) report.skip('interpreter', 'the wheels do not resolve');
    const why = isAboutWheels ? withSources(error, source.files) : error;
    report.fail(isAboutWheels ? 'wheels_resolve' : 'interpreter', toFault(why));
    return undefined;
  }
}
