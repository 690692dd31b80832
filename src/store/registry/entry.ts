import { z } from 'zod';
import { FAULT_CODES, fault } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import { isSafeFileName } from '../../base/files/index.js';

/** Where a release can rest; Running and Executing exist only in memory (contract §2). */
export const RESTING_STATES = ['Discovered', 'Validated', 'Deployed', 'Stopped', 'Invalid'] as const;
export type RestingState = (typeof RESTING_STATES)[number];

/** How a deployment was made (contract §9). Unknown keys are kept. Times are ISO 8601. */
export interface Installation {
  readonly interpreter: string;
  readonly python_version: string;
  readonly wheels: readonly { readonly file: string; readonly sha256: string }[];
  readonly installed_at: string;
  readonly duration_ms: number;
  readonly [key: string]: unknown;
}

/**
 * What the registry keeps of one release (contract §9). Unknown keys are kept, so that an older Runner does not lose
 * what a newer one wrote.
 *
 * @property wanted whether it should run: what a restart goes back to
 * @property reason why it is Invalid, or the fault with which it stopped
 * @property report the validation report
 * @property sha256 of its zip, in hex
 * @property zip its file name in `algorithms/zips/`
 */
export interface RegistryEntry {
  readonly name: string;
  readonly version: string;
  readonly supported_pids: readonly string[];
  readonly state: RestingState;
  readonly wanted: 'running' | 'stopped';
  readonly reason?: Fault;
  readonly report?: Readonly<Record<string, unknown>>;
  readonly sha256: string;
  readonly zip: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly installation?: Installation;
}

/** An uninstalled zip that may still lie in `zips/`: it is not deployed again unasked (contract §3.3). */
export interface ForgottenZip {
  readonly sha256: string;
  readonly name: string;
  readonly version: string;
  readonly forgotten_at: string;
}

const time = z.iso.datetime({ offset: true });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');
const fileName = z.string().refine(isSafeFileName, 'cannot be used as a file name');

/** A code this version does not know is kept as text: the entry is not lost for it. */
const storedFault = z
  .object({
    code: z.string(),
    name: z.string(),
    message: z.string(),
    hint: z.string().exactOptional(),
    details: z.record(z.string(), z.unknown()).exactOptional(),
  })
  .transform((stored): Fault => {
    if (Object.entries(FAULT_CODES).some(([name, code]) => name === stored.name && code === stored.code)) {
      return stored as Fault;
    }
    return fault('unknown_error', stored.message, { details: { stored } });
  });

export const installationSchema: z.ZodType<Installation> = z.looseObject({
  interpreter: z.string(),
  python_version: z.string(),
  wheels: z.array(z.looseObject({ file: z.string(), sha256 })),
  installed_at: time,
  duration_ms: z.number(),
});

export const entrySchema: z.ZodType<RegistryEntry> = z.looseObject({
  name: fileName,
  version: fileName,
  supported_pids: z.array(z.string()),
  state: z.enum(RESTING_STATES),
  wanted: z.enum(['running', 'stopped']),
  reason: storedFault.exactOptional(),
  report: z.record(z.string(), z.unknown()).exactOptional(),
  sha256,
  zip: fileName,
  created_at: time,
  updated_at: time,
  installation: installationSchema.exactOptional(),
});

export const forgottenSchema: z.ZodType<ForgottenZip> = z.looseObject({
  sha256,
  name: z.string(),
  version: z.string(),
  forgotten_at: time,
});
