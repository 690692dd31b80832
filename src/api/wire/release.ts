import { z } from 'zod';
import type { ReleaseView } from '../../runner/status/listing.js';
import { fault, texts, time } from './common.js';

export const releaseWire = z.strictObject({
  /** `name@version` */
  release: z.string(),
  name: z.string(),
  version: z.string(),
  state: z.string(),
  /** Why it is Invalid or failed. */
  reason: fault.nullable(),
  wanted: z.enum(['running', 'stopped']),
  supported_pids: texts,
  routed_pids: texts,
  sha256: z.string(),
  /** Its package, in the archive of the store. */
  zip: z.string(),
  isolation: z.string().nullable(),
  created_at: time,
  updated_at: time,
});
export type ReleaseWire = z.infer<typeof releaseWire>;

export const wireRelease = (view: ReleaseView): ReleaseWire => ({
  release: view.release,
  name: view.name,
  version: view.version,
  state: view.state,
  reason: view.reason,
  wanted: view.wanted,
  supported_pids: view.supportedPids,
  routed_pids: view.routedPids,
  sha256: view.sha256,
  zip: view.zip,
  isolation: view.isolation,
  created_at: view.createdAt,
  updated_at: view.updatedAt,
});
