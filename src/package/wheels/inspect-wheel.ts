import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { RunnerError } from '../../errors/index.js';
import type { ArchiveEntry } from '../archive/archive.js';
import { readEntry } from '../archive/entry-chunks.js';
import type { ArchiveLimits } from '../archive/limits.js';
import { withArchiveFile } from '../archive/open-file.js';
import { readArchive } from '../archive/read-archive.js';
import { normaliseName } from '../requirements/project-name.js';
import { compareVersions, parseVersion } from '../requirements/version.js';
import { checkRecord } from './check-record.js';
import { forbiddenReason, isReservedScript } from './forbidden-files.js';
import { sha256File } from './hash-file.js';
import { parseHeaders, parseMetadata } from './metadata.js';
import type { Metadata } from './metadata.js';
import { parseWheelName } from './wheel-name.js';
import type { WheelName } from './wheel-name.js';
import { wheelRefusal } from './wheel-refusal.js';

/** A wheel that is what it says it is. */
export interface Wheel extends WheelName {
  readonly sha256: string;
  readonly metadata: Metadata;
  /** Every file inside, as it lies in the wheel. */
  readonly files: readonly string[];
}

const METADATA_BYTES_MAX = 4 * 1024 * 1024;
const RECORD_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Everything pip believes without looking: the archive under our policy, METADATA that agrees with the file name, a
 * RECORD that is complete and true, and no file that would act outside the distribution.
 *
 * @throws RunnerError invalid_zip with `details: { check, entry: 'wheels/<file>', inside? }`
 */
export async function inspectWheel(path: string, limits: Partial<ArchiveLimits> = {}): Promise<Wheel> {
  const file = basename(path);
  const name = parseWheelName(file);
  if (name === undefined) throw wheelRefusal('wheel_name', file, 'has a name that is not one of a wheel (PEP 427)');
  try {
    const archive = await readArchive(path, limits);
    const sha256 = await sha256File(path);
    const metadata = await withArchiveFile(archive, (handle) => inspectFiles(handle, name, archive.entries));
    const files = archive.entries.filter(({ kind }) => kind === 'file').map((entry) => entry.path);
    return { ...name, sha256, metadata, files };
  } catch (error) {
    throw asWheelRefusal(file, error);
  }
}

async function inspectFiles(handle: FileHandle, wheel: WheelName, entries: readonly ArchiveEntry[]): Promise<Metadata> {
  const files = new Map(entries.filter(({ kind }) => kind === 'file').map((entry) => [entry.path, entry]));
  for (const path of files.keys()) {
    const reason = forbiddenReason(path, wheel.key);
    if (reason !== undefined)
      throw wheelRefusal('wheel_forbidden_file', wheel.file, `holds ${path}, which ${reason}`, path);
  }
  const info = infoFolder(wheel, [...files.keys()]);
  const read = async (name: string, bytesMax = METADATA_BYTES_MAX): Promise<string | undefined> => {
    const entry = files.get(`${info}/${name}`);
    return entry === undefined ? undefined : (await readEntry(handle, entry, bytesMax)).toString('utf8');
  };

  const formatVersion = parseHeaders((await read('WHEEL')) ?? '').get('wheel-version')?.[0];
  if (formatVersion?.startsWith('1.') !== true) {
    throw wheelRefusal('wheel_metadata', wheel.file, 'has no WHEEL file of version 1', `${info}/WHEEL`);
  }
  checkScripts(wheel, (await read('entry_points.txt')) ?? '', `${info}/entry_points.txt`);
  const metadata = checkMetadata(wheel, await read('METADATA'), `${info}/METADATA`);
  await checkRecord(handle, wheel.file, files, info, await read('RECORD', RECORD_BYTES_MAX));
  return metadata;
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

function checkMetadata(wheel: WheelName, text: string | undefined, inside: string): Metadata {
  const refuse = (problem: string) => wheelRefusal('wheel_metadata', wheel.file, problem, inside);
  if (text === undefined) throw refuse('has no METADATA');
  const metadata = parseMetadata(text);
  if ('problem' in metadata) throw refuse(metadata.problem);
  const version = parseVersion(metadata.version);
  const agrees =
    normaliseName(metadata.name) === wheel.key &&
    version !== undefined &&
    compareVersions(version, wheel.version) === 0;
  if (!agrees) throw refuse(`says in its METADATA that it is ${metadata.name} ${metadata.version}`);
  return metadata;
}

function checkScripts(wheel: WheelName, entryPoints: string, inside: string): void {
  let section = '';
  for (const line of entryPoints.split(/\r?\n/)) {
    section = /^\s*\[(.*)\]\s*$/.exec(line)?.[1]?.trim() ?? section;
    const script = /^\s*([^=#;[]+?)\s*=/.exec(line)?.[1];
    if (script === undefined || !/^(console|gui)_scripts$/.test(section)) continue;
    if (!isReservedScript(script) && !/[/\\]/.test(script)) continue;
    throw wheelRefusal('wheel_forbidden_file', wheel.file, `declares a script named ${JSON.stringify(script)}`, inside);
  }
}

/** A refusal by the archive's policy, told of the wheel. */
function asWheelRefusal(file: string, error: unknown): unknown {
  if (!(error instanceof RunnerError) || String(error.details['check']).startsWith('wheel_')) return error;
  return new RunnerError('invalid_zip', `The wheel ${file} is not sound. ${error.message}`, {
    details: { check: 'wheel_archive', entry: `wheels/${file}`, ...inner(error.details) },
    cause: error,
  });
}

const inner = ({ check, entry }: Readonly<Record<string, unknown>>) => ({ archiveCheck: check, inside: entry });
