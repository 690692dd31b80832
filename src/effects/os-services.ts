import type { ReleaseKey } from '../../machines/release.js';
import type { ImagePool } from '../images/index.js';
import type { Declared } from '../package/index.js';
import type { UndecodedImages } from '../protocol/index.js';
import type { CallTable } from './calls.js';
import type { Clock, Isolation, IsolationLevel } from '../platform/index.js';
import type { ResourceSample } from './os-process/resource-watch.js';
import type { Problems } from './problems.js';
import type { ReleaseLog } from './release-log.js';

/** An algorithm process that is alive. */
export interface LivingProcess {
  readonly key: ReleaseKey;
  readonly slot: number;
  /** What it takes of the machine, as last seen; null before the first look, or where nobody looks. */
  resources: ResourceSample | null;
  /** How it is isolated, as seen from outside; null before its hello. */
  isolation: IsolationLevel | null;
}

/** What the operating-system side of the effects needs from the Runner that hosts them. */
export interface OsServices {
  readonly version: string;
  readonly clock: Clock;
  readonly isolation: Isolation;
  readonly frameBytesMax: number;
  readonly calls: CallTable;
  /** What the manifest of a release declares, to hold `info` against. */
  declared(key: ReleaseKey): Declared;
  /** What was found amiss in the store, and what goes wrong beside any call. */
  readonly problems: Problems;
  releaseLog(key: ReleaseKey): ReleaseLog;
  /** Where processes find their images. */
  readonly images: Pick<ImagePool, 'enter'>;
  /** What becomes of a call whose image its reader could not decode. */
  undecoded(key: ReleaseKey): UndecodedImages;
  /** Variables its processes find beside what every process needs. */
  environment(key: ReleaseKey): Readonly<Record<string, string>>;
  /** A number in [0, 1) from the Runner's seeded source. */
  draw(): number;
  /** Processes alive now, by operating-system pid. */
  readonly processes: Map<number, LivingProcess>;
  /** Releases whose algorithm announced `reset`. */
  readonly resettable: Set<ReleaseKey>;
  /** Whether a release's `get_info` could be held against its manifest; none before its first hello. */
  readonly infoCompared: Map<ReleaseKey, boolean>;
  /** What get_info() said of the steps of a release whose manifest has none. */
  readonly stepsTold: Map<ReleaseKey, unknown>;
}
