import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunnerError } from '../../errors/index.js';
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
  if (wheels.length === 0) throw noWheels(places.length);
  const bytes = wheels.reduce((sum, { size }) => sum + size, 0);
  await requireSpace?.(scratch, { bytes, entries: wheels.length });
  const folder = await mkdtemp(join(scratch, 'procvision-wheels-'));
  try {
    const plan = new Map(wheels.map(({ name, path }) => [path, name]));
    await extractArchive(archive, folder, { limits, plan, ...(signal === undefined ? {} : { signal }) });
    const others = places.filter(({ name }) => !name.endsWith('.whl')).map(({ name }) => name);
    const paths = await wheelPaths(folder);
    const opened = await mapLimited(paths, WHEELS_AT_ONCE, (path) => openWheel(path, limits));
    checkBudget(
      archive,
      opened.map((wheel) => wheel.archive),
      limits,
    );
    return finding(await inspectAll(paths, limits), others);
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

function finding(wheels: readonly Wheel[], others: readonly string[]): Finding<readonly Wheel[]> {
  return {
    value: wheels,
    message: `${wheels.length} sound`,
    warnings: [
      ...others.map((name) => `${PACKAGE_FILES.wheels}/${name} is not a wheel and is not used`),
      ...wheels.flatMap((wheel) => wheel.warnings),
    ],
  };
}

function noWheels(others: number): RunnerError {
  const what =
    others === 0 ? 'The package has no wheels/ folder, or it is empty' : 'The package has no wheel in wheels/';
  return new RunnerError('wheels_missing', `${what}; dependencies are installed from there alone.`, {
    hint: 'Package again with `procvision package`, which puts every dependency into wheels/.',
  });
}
