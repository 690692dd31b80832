import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ReleaseKey } from '../../machines/release.js';
import { RunnerError, showValue, toFault } from '../base/errors/index.js';
import { readRegular } from '../base/files/index.js';
import { MANIFEST_BYTES_MAX, readUntrustedManifest, withSteps } from '../package/index.js';
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
  /** What get_info() told at the installation, where the manifest has no steps. */
  readonly steps?: unknown;
}

/** What the record of an installation says of the manifest. */
export const recordedOf = (installation: Installation): Pick<Registered, 'manifestSha256' | 'steps'> => ({
  manifestSha256: manifestSha256Of(installation),
  steps: installation['steps'],
});

/**
 * Reads the manifest of a deployment, into which anybody may have reached since.
 *
 * @throws RunnerError store_io_failed or store_corrupt when the file is gone, is no file, or is not the one that was
 * deployed; manifest_missing when it is none
 */
export async function readDeployedManifest(folder: string, registered: Registered): Promise<Manifest> {
  const { name, version, manifestSha256, steps } = registered;
  const bytes = await readBytes(folder);
  if (manifestSha256 !== undefined && sha256Of(bytes) !== manifestSha256) throw changed(folder, registered);
  const deployed = manifestSha256 === undefined ? 'unknown' : 'known';
  const whole = steps === undefined ? bytes : withSteps(bytes, steps);
  const { manifest } = await readUntrustedManifest(whole, { owner: folder, deployed });
  const { supportedPids = manifest.supportedPids } = registered;
  const isNamedSo = manifest.name === name && manifest.version === version;
  if (!isNamedSo || !sameTexts(manifest.supportedPids, supportedPids)) throw changed(folder, registered);
  return manifest;
}

/**
 * The manifest of a deployment under way with the steps that its get_info() told.
 *
 * @param steps as told; undefined when it could not be asked
 * @throws RunnerError manifest_missing
 */
export async function manifestWithSteps(key: ReleaseKey, folder: string, steps: unknown): Promise<Manifest> {
  const given = Array.isArray(steps) && steps.length > 0;
  if (!given) {
    const why = steps === undefined ? 'its adapter tells none' : `get_info() says ${showValue(steps)}`;
    throw new RunnerError('manifest_missing', `manifest.json of ${key} has no steps, and ${why}.`, {
      hint: WRITE_THEM,
    });
  }
  const bytes = withSteps(await readBytes(folder), steps);
  const read = readUntrustedManifest(bytes, { owner: folder });
  const { manifest } = await read.catch((cause: unknown) => {
    const { message, details } = RunnerError.from(toFault(cause));
    const what = message.replace(/^manifest\.json/, `What get_info() of ${key} says of its steps`);
    throw new RunnerError('manifest_missing', what, { hint: WRITE_THEM, details, cause });
  });
  return manifest;
}

const WRITE_THEM = 'Write "steps" into manifest.json, with name, parameters, types and defaults.';

/** Of the manifest of a deployment, for its record. @throws RunnerError store_io_failed, store_corrupt */
export async function deployedManifestSha256(folder: string): Promise<string> {
  return sha256Of(await readBytes(folder));
}

function manifestSha256Of({ manifest_sha256: sha256 }: Installation): string | undefined {
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
