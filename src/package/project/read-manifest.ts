import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import type { Json } from '../../base/json/index.js';
import { readJson } from '../json/read-json.js';
import { PACKAGE_FILES } from '../layout/locate-package.js';
import type { Manifest } from '../manifest/manifest.js';
import { parseManifest } from '../manifest/parse-manifest.js';
import { readUntrustedManifest } from '../manifest/read-untrusted-manifest.js';

/**
 * A project's manifest, and its bytes as they go into the package: the file's own, or rewritten for another version.
 *
 * @throws RunnerError manifest_missing
 */
export async function readManifest(
  project: string,
  version: string | undefined,
): Promise<{ bytes: Buffer; manifest: Manifest }> {
  const path = join(project, PACKAGE_FILES.manifest);
  const own = await readFile(path).catch((cause: unknown) => {
    throw new RunnerError('manifest_missing', `There is no ${path}.`, { cause });
  });
  const { manifest } = await readUntrustedManifest(own, { owner: path });
  if (version === undefined || version === manifest.version) return { bytes: own, manifest };
  const document = { ...(readJson(own) as Record<string, Json>), version };
  const bytes = Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
  return { bytes, manifest: parseManifest(bytes).manifest };
}
