import type { Json } from '../../base/json/index.js';
import { readJson } from '../json/read-json.js';
import { MANIFEST_BYTES_MAX } from './parse-manifest.js';

/**
 * A manifest without steps as one that has them: those its get_info() told (contract §3.1).
 *
 * @param bytes of a manifest that was read before
 */
export function withSteps(bytes: Uint8Array, steps: unknown): Uint8Array {
  const document = readJson(bytes, { bytesMax: MANIFEST_BYTES_MAX }) as Record<string, Json>;
  return Buffer.from(JSON.stringify({ ...document, steps }));
}
