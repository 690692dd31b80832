import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { RunnerError } from '../errors/index.js';
import { readRegular } from '../files/index.js';
import { MANIFEST_BYTES_MAX, readUntrustedManifest } from '../package/index.js';
import type { Manifest } from '../package/index.js';
import type { Installation } from '../store/index.js';

const MANIFEST = 'manifest.json';

/** What a release was registered with: its manifest has to say the same as long as it is deployed. */
export interface Registered {
  readonly name: string;
  readonly version: string;
  /** Missing where the registry does not know the release at all. */
  readonly supportedPids?: readonly string[];
  /** Of the file, in hex; installations before it was recorded have none. */
  readonly manifestSha256?: string | undefined;
}

/**
 * Reads the manifest of a deployment, into which anybody may have reached since.
 *
 * @throws RunnerError store_io_failed or store_corrupt when the file is gone, is no file, or is not the one that was
 * deployed; manifest_missing when it is none
 */
export async function readDeployedManifest(folder: string, registered: Registered): Promise<Manifest> {
  const { name, version, manifestSha256 } = registered;
  const bytes = await readBytes(folder);
  if (manifestSha256 !== undefined && sha256Of(bytes) !== manifestSha256) throw changed(folder, registered);
  const { manifest } = await readUntrustedManifest(bytes, { owner: folder, isKnown: manifestSha256 !== undefined });
  const { supportedPids = manifest.supportedPids } = registered;
  const isNamedSo = manifest.name === name && manifest.version === version;
  if (!isNamedSo || !sameTexts(manifest.supportedPids, supportedPids)) throw changed(folder, registered);
  return manifest;
}

/** Of the manifest of a deployment, for its record. @throws RunnerError store_io_failed, store_corrupt */
export async function deployedManifestSha256(folder: string): Promise<string> {
  return sha256Of(await readBytes(folder));
}

export function manifestSha256Of({ manifest_sha256: sha256 }: Installation): string | undefined {
  return typeof sha256 === 'string' ? sha256 : undefined;
}

const readBytes = (folder: string): Promise<Uint8Array> => readRegular(join(folder, MANIFEST), MANIFEST_BYTES_MAX);

const AGAIN = 'Deactivate its PIDs, uninstall the release, and install its zip again.';

function changed(folder: string, { name, version }: Registered): RunnerError {
  const release = `${name}@${version}`;
  return new RunnerError('store_corrupt', `The ${MANIFEST} of ${release} is not the one it was deployed with.`, {
    hint: AGAIN,
    details: { release, file: join(folder, MANIFEST) },
  });
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const sameTexts = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((text) => others.includes(text));
