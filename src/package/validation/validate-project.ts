import { join } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import { whyUnfit } from '../interpreter/environment-need.js';
import type { EnvironmentNeed } from '../interpreter/environment-need.js';
import type { Interpreter } from '../interpreter/interpreter.js';
import { PACKAGE_FILES } from '../layout/locate-package.js';
import { collectFiles, leftOutWarnings } from '../project/collect-files.js';
import { readTarget } from '../project/environment-file.js';
import { checkSources } from './check-sources.js';
import { checkWheelFolder } from './check-wheels.js';
import { checkAssets, checkEntryPoint, checkManifest, checkRequirements } from './checks.js';
import { folderSource } from './package-source.js';
import type { PackageSource } from './package-source.js';
import { ReportBuilder } from './report.js';
import type { Finding, ValidationReport } from './report.js';

export interface ProjectOptions {
  /** One of them parses the sources; without any they are not parsed. */
  readonly interpreters?: readonly Interpreter[];
  /** What the project is for, in place of what it says itself. */
  readonly pythonVersion?: string;
  readonly signal?: AbortSignal;
}

/**
 * Static validation of a source project, in the same report as a zip's. What packaging will add, wheels above all, is
 * not asked for yet.
 */
export async function validateProject(folder: string, options: ProjectOptions = {}): Promise<ValidationReport> {
  const report = new ReportBuilder(folder);
  const source = await report.run('layout', () => readProject(folder));
  const later = 'packaging adds it';
  for (const name of ['archive', 'interpreter', 'wheels_resolve', 'file_name'] as const) report.skip(name, later);
  if (source === undefined) return report.build();

  const manifest = await report.run('manifest', () => checkManifest(source));
  if (source.files.has(PACKAGE_FILES.requirements)) await report.run('requirements', () => checkRequirements(source));
  else await report.run('requirements', missingRequirements);
  const wheels = (await report.run('wheels_present', () => ownWheels(join(folder, PACKAGE_FILES.wheels)))) ?? [];
  if (manifest !== undefined) {
    const interpreter = await authors(folder, options);
    if (interpreter === undefined) await report.run('entry_point', () => checkEntryPoint(manifest, source, wheels));
    else await report.run('entry_point', () => checkSources({ manifest, source, wheels, interpreter }, options.signal));
    await report.run('assets', () => checkAssets(manifest, source));
  }
  return report.build();
}

/** The Python the project is for, if that is here; the newest there is, where it does not say: it knows most of the language. */
async function authors(
  folder: string,
  { interpreters = [], pythonVersion }: ProjectOptions,
): Promise<Interpreter | undefined> {
  const said = pythonVersion ?? (await readTarget(folder).catch((): EnvironmentNeed => ({}))).pythonVersion;
  const need = said === undefined ? {} : { pythonVersion: said };
  const newness = ({ version }: Interpreter): number => Number(version.split('.')[1] ?? 0);
  return interpreters
    .filter((interpreter) => whyUnfit(need, interpreter) === undefined)
    .sort((a, b) => newness(b) - newness(a))[0];
}

async function readProject(folder: string): Promise<Finding<PackageSource>> {
  const { files, leftOut } = await collectFiles(folder).catch((cause: unknown) => {
    if (cause instanceof RunnerError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RunnerError('release_not_found', `The project folder cannot be read: ${reason}.`, { cause });
  });
  return {
    value: folderSource(
      folder,
      files.map(({ path }) => path),
    ),
    message: `${files.length} files to package`,
    warnings: leftOutWarnings(leftOut),
  };
}

async function ownWheels(folder: string) {
  const value = await checkWheelFolder(folder);
  return { value, message: value.length === 0 ? 'none yet; packaging fetches them' : `${value.length} sound` };
}

const missingRequirements = (): Finding<null> => ({
  value: null,
  message: 'there is no requirements.txt yet',
  warnings: ['a package needs one'],
  hint: 'Write one, empty if nothing is needed, or package with --auto-freeze.',
});
