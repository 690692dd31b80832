import { z } from 'zod';
import { TIMER_MS_MAX } from '../../../platform/index.js';
import { DEFAULT_KEEP } from '../../../../machines/retention.js';
import { DEFAULT_ARCHIVE_LIMITS } from '../../../package/index.js';
import type { ArchiveLimits } from '../../../package/index.js';
import { DEFAULT_FRAME_BYTES_MAX } from '../../../protocol/index.js';
import { imagePolicyShape, numbersLike, POLICY_DEFAULTS, policyShape } from './policy-schema.js';

/** What a host may pass and settings.json may hold: all but where the store is, and who acts. */

const PACKAGE_LIMITS: Readonly<Record<keyof ArchiveLimits, string>> = {
  zipBytesMax: 'bytes of a zip',
  entriesMax: 'files and folders of a zip',
  totalBytesMax: 'bytes of all its files together',
  fileBytesMax: 'bytes of one file',
  installedBytesMax: 'bytes of a package and its wheels, unpacked',
  installedEntriesMax: 'files and folders of a package and its wheels',
  ratioMax: 'uncompressed to compressed',
  ratioFreeBytes: 'below this size the ratio does not count',
  depthMax: 'folders above a file',
  nameBytesMax: 'bytes of one part of a path',
  pathBytesMax: 'bytes of a path',
};

const traceLimits = z.strictObject({
  fileBytesMax: z.int().min(1).optional().describe('a file is rotated beyond it'),
  bytesMax: z.int().min(1).optional().describe('bytes of traces that are kept'),
  ageMaxDays: z.int().min(1).optional().describe('days of work whose traces are kept'),
});

const imageShape = {
  ...imagePolicyShape,
  folder: z.string().min(1).optional().describe('parent of the folder of images; in memory, as /dev/shm'),
  segments: z.number().int().min(1).max(256).optional().describe('images that hosts may have reserved at a time'),
  reservationMs: z.number().int().min(1).max(TIMER_MS_MAX).optional().describe('until an unused reservation ends'),
  waitingBytesMax: z.number().int().min(1).optional().describe('memory of the images that calls hold'),
  preferMmap: z.boolean().optional().describe('has no effect any more'),
  decoders: z.number().int().min(1).max(64).optional().describe('processes that decode images at a time'),
  pixelsMax: z.number().int().min(1).optional().describe('width × height of an image'),
  sideMax: z.number().int().min(1).optional().describe('width and height, each'),
  fileBytesMax: z.number().int().min(1).optional().describe('bytes of an image file'),
  decodeMs: z.number().min(1).optional().describe('how long decoding may take'),
};

export const settingsShape = {
  ...policyShape,
  images: z.strictObject(imageShape).optional(),
  releases: z.record(z.string(), z.strictObject(policyShape)).optional(),
  scanIntervalMs: z.number().min(0).optional().describe('between two looks for new zips; 0: only when asked'),
  autoDeploy: z.boolean().optional().describe('whether a zip found by a scan is deployed'),
  zipSettleMs: z.number().min(0).optional().describe('a zip younger than this is not judged yet'),
  trace: z
    .union(
      [z.boolean(), traceLimits],
      'neither true nor false nor { fileBytesMax, bytesMax, ageMaxDays } in whole numbers from 1 on',
    )
    .optional(),
  monitor: z.boolean().optional().describe('hold the invariants of the architecture against the trace'),
  packageLimits: numbersLike<ArchiveLimits>(1, PACKAGE_LIMITS).optional(),
  frameBytesMax: z.number().int().min(1024).optional().describe('largest frame of the protocol'),
  interpreters: z
    .array(
      z.union([
        z.string().min(1),
        z.strictObject({
          path: z.string().min(1),
          systemPackages: z.boolean().optional().describe('packages may use what this Python has installed itself'),
        }),
      ]),
    )
    .optional()
    .describe('Pythons to choose from; what is on the machine when left out'),
  privateProc: z.boolean().optional().describe('give each process a /proc that shows it alone'),
  keep: z.number().int().min(1).optional().describe('newest releases of an algorithm that `prune` keeps'),
};

export const settingsSchema = z.strictObject({
  $schema: z.string().optional(),
  ...settingsShape,
});

/** What settings.json holds. */
export type Settings = Omit<z.output<typeof settingsSchema>, '$schema'>;

const MIB = 1024 * 1024;

/** Null: none, or found out on the machine. */
export const SETTINGS_DEFAULTS = {
  ...POLICY_DEFAULTS,
  images: {
    ...POLICY_DEFAULTS.images,
    folder: null,
    segments: 8,
    reservationMs: 60_000,
    waitingBytesMax: null,
    decoders: null,
    pixelsMax: 50_000_000,
    sideMax: 65_535,
    fileBytesMax: 256 * MIB,
    decodeMs: 10_000,
  },
  scanIntervalMs: 5_000,
  autoDeploy: true,
  zipSettleMs: 2_000,
  trace: { fileBytesMax: MIB / 2, bytesMax: 512 * MIB, ageMaxDays: 90 },
  monitor: false,
  packageLimits: DEFAULT_ARCHIVE_LIMITS,
  frameBytesMax: DEFAULT_FRAME_BYTES_MAX,
  interpreters: null,
  privateProc: true,
  keep: DEFAULT_KEEP,
} as const;
