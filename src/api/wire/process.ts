import { z } from 'zod';
import type { ProcessView } from '../../runner/status/processes.js';

/** One algorithm process that is alive. */
export const processWire = z.strictObject({
  os_pid: z.int(),
  release: z.string(),
  slot: z.int(),
  isolation: z.string().nullable(),
  /** 100 is one core; null: not measured yet, or not at all. */
  cpu_percent: z.number().nullable(),
  resident_bytes: z.number().nullable(),
});
export type ProcessWire = z.infer<typeof processWire>;

export const wireProcess = (process: ProcessView): ProcessWire => ({
  os_pid: process.osPid,
  release: process.release,
  slot: process.slot,
  isolation: process.isolation,
  cpu_percent: process.cpuPercent,
  resident_bytes: process.residentBytes,
});
