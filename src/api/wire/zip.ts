import { z } from 'zod';
import type { ScannedZip } from '../../runner/packages/importer.js';
import { fault } from './common.js';

/** One zip as a scan found it. */
export const scannedZipWire = z.strictObject({
  zip: z.string(),
  release: z.string().nullable(),
  found: z.enum(['new', 'known', 'forgotten', 'settling', 'conflict']),
  state: z.string().nullable(),
  fault: fault.nullable(),
});
export type ScannedZipWire = z.infer<typeof scannedZipWire>;

export const wireScanned = ({ zip, release, found, state, fault: why }: ScannedZip): ScannedZipWire => ({
  zip,
  release,
  found,
  state,
  fault: why,
});
