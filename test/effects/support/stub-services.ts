import type { ProcessImages } from '../../../src/images/index.js';
import type { OsServices } from '../../../src/effects/os-services.js';
import { NO_ISOLATION } from '../../../src/platform/index.js';
import { Problems, systemClock } from '../../../src/effects/index.js';
import type { ReleaseLog } from '../../../src/effects/index.js';
import { DEFAULT_FRAME_BYTES_MAX } from '../../../src/protocol/index.js';

export interface LoggedLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What the fixture programs answer to `info` (test/fixtures/programs/wire.py). */
export const DECLARED = {
  name: 'stub',
  version: '1.0.0',
  supportedPids: ['A01'],
  steps: [{ index: 1, name: 'look', params: [] }],
};

const isEmpty = (fields: object): boolean => Object.keys(fields).length === 0;

/** A process that is given none. */
const NO_IMAGES = { folder: '/dev/shm/none', close: () => undefined } as unknown as ProcessImages;

/** A world without a Runner: an empty table of calls, and a log that remembers its lines. */
export function stubServices(
  more: Partial<OsServices> = {},
): OsServices & { readonly lines: LoggedLine[]; readonly problems: Problems } {
  const lines: LoggedLine[] = [];
  const problems = new Problems();
  const log: ReleaseLog = {
    write: (level, message, fields = {}) => void lines.push({ level, message, fields }),
    relay: ({ level, message, fields: said, noted }, facts) =>
      void lines.push({ level, message, fields: { ...facts, ...noted, ...(isEmpty(said) ? {} : { fields: said }) } }),
    close: () => undefined,
  };
  return {
    version: '0.1.0',
    clock: systemClock,
    isolation: NO_ISOLATION,
    frameBytesMax: DEFAULT_FRAME_BYTES_MAX,
    calls: new Map(),
    declared: () => DECLARED,
    problems,
    releaseLog: () => log,
    draw: () => 0.5,
    processes: new Map(),
    resettable: new Set(),
    infoCompared: new Map(),
    stepsTold: new Map(),
    images: { enter: () => NO_IMAGES },
    undecoded: () => 'error',
    environment: () => ({}),
    ...more,
    lines,
  };
}
