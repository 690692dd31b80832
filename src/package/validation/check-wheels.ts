import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import type { Archive } from '../archive/archive.js';
import { extractArchive } from '../archive/extract-archive.js';
import type { ArchiveLimits } from '../archive/limits.js';
import { PACKAGE_FILES } from '../layout/locate-package.js';
import type { PackageLayout } from '../layout/locate-package.js';
import { mapLimited } from '../map-limited.js';
import { inspectWheel, openWheel } from '../wheels/inspect-wheel.js';
import type { Wheel } from '../wheels/inspect-wheel.js';
import { checkBudget } from './check-budget.js';
import type { Footprint } from './check-budget.js';
import { wheelPaths } from './package-source.js';
import type { Finding } from './report.js';

export interface WheelCheckOptions {
  readonly limits?: Partial<ArchiveLimits>;
  /** Folder for the wheels while they are looked at; the system's folder for temporary files when absent. */
  readonly scratch?: string;
  /** Told beforehand what will be written where; it throws where there is no room. */
  readonly requireSpace?: (folder: string, need: Footprint) => Promise<void>;
  readonly signal?: AbortSignal;
}

const WHEELS_AT_ONCE = 2;
const DIRECTLY_IN_WHEELS = new RegExp(`^${PACKAGE_FILES.wheels}/([^/]+)$`);
const DEEPER_IN_WHEELS = new RegExp(`^${PACKAGE_FILES.wheels}/.+/[^/]+\\.whl$`);

/**
 * Looks into every wheel of a zip. A wheel is read where it can be sought in, so it is unpacked to a folder of its own
 * first, which is gone afterwards.
 *
 * @throws RunnerError wheels_missing when there is none, invalid_zip for one that is not sound
 */
export async function checkZippedWheels(
  archive: Archive,
  layout: PackageLayout,
  { limits = {}, scratch = tmpdir(), requireSpace, signal }: WheelCheckOptions,
): Promise<Finding<readonly Wheel[]>> {
  const places = [...layout.files].flatMap(([target, { path, size }]) => {
    const [, name] = DIRECTLY_IN_WHEELS.exec(target) ?? [];
    return name === undefined ? [] : [{ name, path, size }];
  });
  const wheels = places.filter(({ name }) => name.endsWith('.whl'));
  const others = places.filter(({ name }) => !name.endsWith('.whl')).map(({ name }) => name);
  const deeper = [...layout.files.keys()].filter((target) => DEEPER_IN_WHEELS.test(target));
  if (wheels.length === 0) throw noWheels(others, deeper);
  const bytes = wheels.reduce((sum, { size }) => sum + size, 0);
  await requireSpace?.(scratch, { bytes, entries: wheels.length });
  const folder = await mkdtemp(join(scratch, 'procvision-wheels-'));
  try {
    const plan = new Map(wheels.map(({ name, path }) => [path, name]));
    await extractArchive(archive, folder, { limits, plan, ...(signal === undefined ? {} : { signal }) });
    const paths = await wheelPaths(folder);
    const opened = await mapLimited(paths, WHEELS_AT_ONCE, (path) => openWheel(path, limits));
    checkBudget(
      archive,
      opened.map((wheel) => wheel.archive),
      limits,
    );
    return finding(await inspectAll(paths, limits), [
      ...others.map((name) => `${PACKAGE_FILES.wheels}/${name}`),
      ...deeper,
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Looks into the wheels of a project's folder. */
export async function checkWheelFolder(folder: string, limits: Partial<ArchiveLimits> = {}): Promise<readonly Wheel[]> {
  return inspectAll(await wheelPaths(folder), limits);
}

const inspectAll = (paths: readonly string[], limits: Partial<ArchiveLimits>): Promise<readonly Wheel[]> =>
  mapLimited(paths, WHEELS_AT_ONCE, (path) => inspectWheel(path, limits));

function finding(wheels: readonly Wheel[], unused: readonly string[]): Finding<readonly Wheel[]> {
  const more = unused.length > UNUSED_SHOWN_MAX ? [`and ${unused.length - UNUSED_SHOWN_MAX} more are not used`] : [];
  return {
    value: wheels,
    message: `${wheels.length} sound`,
    warnings: [
      ...unused.slice(0, UNUSED_SHOWN_MAX).map((path) => `${path} ${whyUnused(path)} and is not used`),
      ...more,
      ...wheels.flatMap((wheel) => wheel.warnings),
    ],
  };
}

const UNUSED_SHOWN_MAX = 20;
const SOURCE = /\.(tar\.gz|tar\.bz2|tgz|zip)$/i;

function whyUnused(path: string): string {
  if (path.endsWith('.whl')) return `does not lie in ${PACKAGE_FILES.wheels}/ itself`;
  return SOURCE.test(path) ? 'is a source distribution, which nothing is built from here,' : 'is not a wheel';
}

function noWheels(others: readonly string[], deeper: readonly string[]): RunnerError {
  const refuse = (what: string, hint: string) =>
    new RunnerError('wheels_missing', `${what}; dependencies are installed from there alone.`, {
      hint,
      details: { check: 'wheels_present', others: [...deeper, ...others].slice(0, 20) },
    });
  const [first] = deeper;
  if (first !== undefined)
    return refuse('The package has no wheel in wheels/ itself', `Move ${first} and the others up into wheels/.`);
  const source = others.find((name) => SOURCE.test(name));
  if (source !== undefined)
    return refuse(
      `The package has no wheel in wheels/, but ${source}, a source distribution`,
      'Build a wheel of it on a machine like the host (pip wheel --no-deps --wheel-dir wheels <that file>), and pack again.',
    );
  const what =
    others.length === 0 ? 'The package has no wheels/ folder, or it is empty' : 'The package has no wheel in wheels/';
  return refuse(
    what,
    'Put a wheel of every requirement, and of the SDK, into wheels/: `procvision package` fetches them where the project lies.',
  );
}
