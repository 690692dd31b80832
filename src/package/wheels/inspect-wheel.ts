import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import type { Archive, ArchiveEntry } from '../archive/archive.js';
import { readEntry } from '../archive/entry-chunks.js';
import { LIMIT_CHECKS } from '../archive/hints.js';
import type { ArchiveLimits } from '../archive/limits.js';
import { withArchiveFile } from '../archive/open-file.js';
import { readArchive } from '../archive/read-archive.js';
import { normaliseName } from '../requirements/project-name.js';
import { compareVersions, parseVersion } from '../requirements/version.js';
import { checkRecord } from './check-record.js';
import { scriptsIn } from './entry-points.js';
import { forbiddenReason, forbiddenScript, startupFileOf } from './forbidden-files.js';
import { sha256File } from './hash-file.js';
import { HeaderReader } from './headers.js';
import { LineProblem, linesOf } from './lines.js';
import { METADATA_FIELDS, metadataOf } from './metadata.js';
import type { Metadata } from './metadata.js';
import { STARTUP_BYTES_MAX, isKnownStartup } from './startup-files.js';
import { misnamed } from './misnamed-wheel.js';
import { parseWheelName } from './wheel-name.js';
import type { WheelName } from './wheel-name.js';
import { wheelRefusal } from './wheel-refusal.js';

/** A wheel that is what it says it is. */
export interface Wheel extends WheelName {
  readonly sha256: string;
  readonly metadata: Metadata;
  /** Every file inside, as it lies in the wheel. */
  readonly files: readonly string[];
  /** Unpacked, all files together: proved by reading them. */
  readonly totalBytes: number;
  /** Files and folders. */
  readonly entryCount: number;
  /** What is not as it should be and does no harm. */
  readonly warnings: readonly string[];
}

const SMALL_BYTES_MAX = 256 * 1024;
const METADATA_BYTES_MAX = 4 * 1024 * 1024;
const RECORD_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Everything pip believes without looking: the archive under our policy, METADATA that agrees with the file name, a
 * RECORD that is true, and no file that would act outside the distribution.
 *
 * @throws RunnerError invalid_zip with `details: { check, entry: 'wheels/<file>', inside? }`
 */
export async function inspectWheel(path: string, limits: Partial<ArchiveLimits> = {}): Promise<Wheel> {
  const file = basename(path);
  const opened = await openWheel(path, limits);
  try {
    const { name, archive } = opened;
    const sha256 = await sha256File(path);
    const found = await withArchiveFile(archive, (handle) => inspectFiles(handle, name, archive.entries));
    const files = archive.entries.filter(({ kind }) => kind === 'file').map((entry) => entry.path);
    return { ...name, sha256, ...found, files, totalBytes: archive.totalBytes, entryCount: archive.entries.length };
  } catch (error) {
    throw asWheelRefusal(file, error);
  }
}

/**
 * The directory of a wheel under our policy, without a look at its files.
 *
 * @throws RunnerError invalid_zip
 */
export async function openWheel(
  path: string,
  limits: Partial<ArchiveLimits> = {},
): Promise<{ readonly name: WheelName; readonly archive: Archive }> {
  const file = basename(path);
  const name = parseWheelName(file);
  if (name === undefined) throw misnamed(file);
  try {
    return { name, archive: await readArchive(path, limits, { isInstalled: true }) };
  } catch (error) {
    throw asWheelRefusal(file, error);
  }
}

async function inspectFiles(
  handle: FileHandle,
  wheel: WheelName,
  entries: readonly ArchiveEntry[],
): Promise<{ readonly metadata: Metadata; readonly warnings: readonly string[] }> {
  const files = new Map(entries.filter(({ kind }) => kind === 'file').map((entry) => [entry.path, entry]));
  const startup = await checkPlaces(handle, wheel, files);
  const info = infoFolder(wheel, [...files.keys()]);
  const headersOf = async (name: string, fields: readonly string[], bytesMax: number): Promise<HeaderReader> => {
    const headers = new HeaderReader(fields);
    const entry = files.get(`${info}/${name}`);
    const inside = `${info}/${name}`;
    if (entry === undefined) throw wheelRefusal('wheel_metadata', wheel.file, `has no ${name}`, inside);
    if (entry.size > bytesMax) throw tooLarge(wheel, entry, bytesMax);
    await aboutLines(wheel, inside, async () => {
      for await (const line of linesOf(handle, entry)) if (!headers.take(line)) break;
    });
    return headers;
  };

  const format = (await headersOf('WHEEL', ['wheel-version'], SMALL_BYTES_MAX)).first('wheel-version');
  if (format?.startsWith('1.') !== true) {
    throw wheelRefusal('wheel_metadata', wheel.file, 'has no WHEEL file of version 1', `${info}/WHEEL`);
  }
  const entryPoints = files.get(`${info}/entry_points.txt`);
  if (entryPoints !== undefined) {
    checkScripts(wheel, await readEntry(handle, entryPoints, SMALL_BYTES_MAX), entryPoints.path);
  }
  const headers = await headersOf('METADATA', METADATA_FIELDS, METADATA_BYTES_MAX);
  const metadata = checkMetadata(wheel, headers, `${info}/METADATA`);
  const record = files.get(`${info}/RECORD`);
  if (record !== undefined && record.size > RECORD_BYTES_MAX) throw tooLarge(wheel, record, RECORD_BYTES_MAX);
  const warnings = await aboutLines(wheel, `${info}/RECORD`, () => checkRecord(handle, wheel.file, files, info));
  const ofMetadata = metadata.warnings.map((warning) => `${wheel.file} ${warning}`);
  return { metadata, warnings: [...startup, ...ofMetadata, ...warnings] };
}

const tooLarge = ({ file }: WheelName, { path, size }: ArchiveEntry, bytesMax: number): RunnerError =>
  wheelRefusal('wheel_metadata', file, `holds ${path} of ${size} bytes; ${bytesMax} are accepted`, path);

async function aboutLines<T>({ file }: WheelName, inside: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof LineProblem
      ? wheelRefusal('wheel_metadata', file, `has ${inside} that ${error.message}`, inside)
      : error;
  }
}

/** Where every file would be installed. @returns warnings */
async function checkPlaces(
  handle: FileHandle,
  wheel: WheelName,
  files: ReadonlyMap<string, ArchiveEntry>,
): Promise<readonly string[]> {
  const refuse = (path: string, reason: string) =>
    wheelRefusal('wheel_forbidden_file', wheel.file, `holds ${path}, which ${reason}`, path);
  const warnings: string[] = [];
  for (const [path, entry] of files) {
    const reason = forbiddenReason(path, wheel.key);
    if (reason !== undefined) throw refuse(path, reason);
    const startup = startupFileOf(path);
    if (startup === undefined) continue;
    const isSmall = entry.size <= STARTUP_BYTES_MAX;
    const text = isSmall ? (await readEntry(handle, entry, STARTUP_BYTES_MAX)).toString('utf8') : '';
    if (!isSmall || !isKnownStartup(startup, text)) {
      throw refuse(path, 'would run in every interpreter at its start');
    }
    if (wheel.key !== 'setuptools') warnings.push(`${wheel.file} holds ${path}, as setuptools generated it`);
  }
  return warnings;
}

/** The one `<name>-<version>.dist-info` at the top. */
function infoFolder(wheel: WheelName, paths: readonly string[]): string {
  const folders = new Set(paths.flatMap((path) => /^([^/]+\.dist-info)\//.exec(path)?.[1] ?? []));
  const [folder, ...others] = folders;
  if (folder === undefined || others.length > 0) {
    throw wheelRefusal('wheel_metadata', wheel.file, `has ${folders.size} .dist-info folders instead of one`);
  }
  if (!normaliseName(folder).startsWith(`${wheel.key}-`)) {
    throw wheelRefusal('wheel_metadata', wheel.file, `describes another distribution in ${folder}`, folder);
  }
  return folder;
}

function checkMetadata(wheel: WheelName, headers: HeaderReader, inside: string): Metadata {
  const refuse = (problem: string) => wheelRefusal('wheel_metadata', wheel.file, problem, inside);
  const metadata = metadataOf(headers);
  if ('problem' in metadata) throw refuse(metadata.problem);
  const version = parseVersion(metadata.version);
  const agrees =
    normaliseName(metadata.name) === wheel.key &&
    version !== undefined &&
    compareVersions(version, wheel.version) === 0;
  if (!agrees) {
    const own = [metadata.name.replaceAll(/[-.]+/g, '_'), metadata.version.replaceAll('-', '_')].join('-');
    const renamed = wheel.file.replace(/^[^-]+-[^-]+/, own);
    const hint = `It was renamed: give it the name ${renamed} and pin ${metadata.name}==${metadata.version}, or fetch the wheel that was meant.`;
    const problem = `says in its METADATA that it is ${metadata.name} ${metadata.version}`;
    throw wheelRefusal('wheel_metadata', wheel.file, problem, inside, hint);
  }
  return metadata;
}

function checkScripts(wheel: WheelName, bytes: Buffer, inside: string): void {
  const refuse = (problem: string) => wheelRefusal('wheel_forbidden_file', wheel.file, problem, inside);
  const scripts = scriptsIn(bytes.toString('utf8'));
  if ('problem' in scripts) throw refuse(`has an entry_points.txt that ${scripts.problem}`);
  for (const name of scripts.names) {
    const reason = forbiddenScript(name, wheel.key);
    if (reason !== undefined) throw refuse(`declares a script named ${JSON.stringify(name)}, which ${reason}`);
  }
}

const WHEEL_HINT =
  'Fetch the wheel again; where its makers built it so, pin another version of it, or rebuild it (`wheel unpack`, then `wheel pack`).';

/** A refusal by the archive's policy, told of the wheel. */
function asWheelRefusal(file: string, error: unknown): unknown {
  if (!(error instanceof RunnerError) || String(error.details['check']).startsWith('wheel_')) return error;
  return new RunnerError('invalid_zip', `The wheel ${file} is not sound. ${error.message}`, {
    hint: LIMIT_CHECKS.includes(String(error.details['check'])) ? error.hint : WHEEL_HINT,
    details: { check: 'wheel_archive', entry: `wheels/${file}`, ...inner(error.details) },
    cause: error,
  });
}

const inner = ({ check, entry }: Readonly<Record<string, unknown>>) => ({ archiveCheck: check, inside: entry });
