import { releaseOf } from '../../../machines/release.js';
import type { ReleaseKey } from '../../../machines/release.js';
import type { DecodeLimits } from '../../images/index.js';
import type { UndecodedImages } from '../../protocol/index.js';

/** What may differ by release. */
export interface ImagePolicy {
  /**
   * A call whose image its reader could not decode: `error`, reported as 1002 with the verdict withheld; `warn`, a result
   * with a warning (contract §7). `error` by default.
   */
  readonly undecoded?: UndecodedImages;
}

export interface ImageOptions extends ImagePolicy, DecodeLimits {
  /** Parent of the Runner's own image folder; `/dev/shm` where there is one, else the system's temporary folder. */
  readonly folder?: string;
  /** Segments that hosts may have reserved at a time (`reserveImage`); 8. Calls need none of them. */
  readonly segments?: number;
  /** A reservation that nobody used for so long ends; 60,000 ms. */
  readonly reservationMs?: number;
  /** Memory of the images that calls hold, waiting or running; half of the machine's. */
  readonly waitingBytesMax?: number;
  /** Processes that decode images at a time; one core is left to calls; at least 1, at most 4. They start when they are needed. */
  readonly decoders?: number;
  /** Has no effect any more: images are written by calls that cannot fault. */
  readonly preferMmap?: boolean;
}

interface WithImages {
  readonly images?: ImageOptions;
  readonly releases?: Readonly<Record<string, { readonly images?: ImagePolicy }>>;
}

/** `name@version` wins over `name`, which wins over the Runner's own. */
export function undecodedImages({ releases, images }: WithImages, key: ReleaseKey): UndecodedImages {
  const own = new Map(Object.entries(releases ?? {}));
  return (
    own.get(key)?.images?.undecoded ?? own.get(releaseOf(key).name)?.images?.undecoded ?? images?.undecoded ?? 'error'
  );
}
