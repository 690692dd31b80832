import type { ReleaseKey } from '../../machines/release.js';
import type { Declared } from '../protocol/index.js';
import type { CallTable } from './calls.js';
import type { Isolation } from './os-process/isolation.js';
import type { ReleaseLog } from './release-log.js';

/** What the operating-system side of the effects needs from the Runner that hosts them. */
export interface World {
  readonly version: string;
  readonly isolation: Isolation;
  readonly frameBytesMax: number;
  readonly calls: CallTable;
  /** What the manifest of a release declares, to hold `info` against. */
  declared(key: ReleaseKey): Declared;
  releaseLog(key: ReleaseKey): ReleaseLog;
  /** A number in [0, 1) from the Runner's seeded source. */
  draw(): number;
  /** Processes alive now, by operating-system pid. */
  readonly processes: Map<number, { readonly key: ReleaseKey; readonly slot: number }>;
  /** Releases whose algorithm announced `reset`. */
  readonly resettable: Set<ReleaseKey>;
}
