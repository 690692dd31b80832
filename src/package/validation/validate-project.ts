import { join } from 'node:path';
import { RunnerError } from '../../errors/index.js';
import { PACKAGE_FILES } from '../layout/locate-package.js';
import { collectFiles, leftOutWarnings } from '../project/collect-files.js';
import { checkWheelFolder } from './check-wheels.js';
import { checkAssets, checkEntryPoint, checkManifest, checkRequirements } from './checks.js';
import { folderSource } from './package-source.js';
import type { PackageSource } from './package-source.js';
import { ReportBuilder } from './report.js';
import type { Finding, ValidationReport } from './report.js';

/**
 * Static validation of a source project, in the same report as a zip's. What packaging will add, wheels above all, is
 * not asked for yet.
 */
export async function validateProject(folder: string): Promise<ValidationReport> {
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
    await report.run('entry_point', () => checkEntryPoint(manifest, source, wheels));
    await report.run('assets', () => checkAssets(manifest, source));
  }
  return report.build();
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
