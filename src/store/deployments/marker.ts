import { join } from 'node:path';
import { z } from 'zod';
import { kindOf, readSmallFile } from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import { installationSchema } from '../registry/index.js';
import type { Installation } from '../registry/index.js';
import { firstIssue, parseJson } from '../text.js';

/** While it lies in a deployment folder, that folder counts as not there (venvs must be built at their final path). */
export const MARKER = '.incomplete';
export const RECORD = 'installation.json';

const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/**
 * What `installation.json` says. A deployment is complete when this can be read and no marker lies beside it.
 *
 * @property sha256 of the zip it was made from
 */
export interface InstallationRecord {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly installation: Installation;
}

const recordSchema: z.ZodType<InstallationRecord> = z.looseObject({
  name: z.string(),
  version: z.string(),
  sha256: z.string(),
  installation: installationSchema,
});

export type DeploymentState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'complete'; readonly record: InstallationRecord }
  /** Not made by a Runner, or damaged by a person: nothing of it is touched. */
  | { readonly kind: 'unrecognised'; readonly reason: string };

/** @throws RunnerError store_io_failed */
export async function deploymentState(folder: string, fs: FileSystem): Promise<DeploymentState> {
  const kind = await kindOf(folder, fs);
  if (kind === undefined) return { kind: 'absent' };
  if (kind !== 'folder') return { kind: 'unrecognised', reason: 'is not a folder' };
  if ((await kindOf(join(folder, MARKER), fs)) !== undefined) return { kind: 'incomplete' };
  const read = await readSmallFile(join(folder, RECORD), MAX_RECORD_BYTES, fs);
  switch (read.kind) {
    case 'missing':
      return { kind: 'unrecognised', reason: `has no ${RECORD}` };
    case 'unfit':
      return { kind: 'unrecognised', reason: `has an ${RECORD} that ${read.reason}` };
    case 'content':
      return recordState(read.bytes);
  }
}

function recordState(bytes: Uint8Array): DeploymentState {
  const parsed = parseJson(bytes);
  const result = parsed.ok ? recordSchema.safeParse(parsed.value) : undefined;
  if (result?.success === true) return { kind: 'complete', record: result.data };
  const reason = parsed.ok ? result && firstIssue(result.error) : parsed.reason;
  return { kind: 'unrecognised', reason: `has an ${RECORD} that cannot be understood: ${reason}` };
}
