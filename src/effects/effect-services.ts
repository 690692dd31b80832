import type { ReleaseKey } from '../../machines/release.js';
import type { ArchiveLimits, Interpreter, Manifest, ValidatedPackage, ValidationReport } from '../package/index.js';
import type { OpenStore, Route } from '../store/index.js';
import type { OsServices } from './os-services.js';

/** What the Runner keeps of a release beside its actor: things too large for events, found again by its key. */
export interface ReleaseFile {
  readonly key: ReleaseKey;
  /** File name in `algorithms/zips/`. */
  readonly zip: string;
  readonly sha256: string;
  manifest: Manifest | null;
  report: ValidationReport | null;
  /** What a validation found out and the deployment needs; null once deployed or after a restart. */
  validated: ValidatedPackage | null;
  deployStartedMs: number;
  /** Of the list of what was installed; of a deployment under way. */
  filesSha256?: string;
}

export interface Progress {
  readonly key: ReleaseKey;
  readonly stage: 'validating' | 'extracting' | 'environment' | 'installing' | 'registering';
  /** Of the stage, 0 to 100. */
  readonly percent: number;
}

/** Everything the effects work with; one per Runner. */
export interface EffectServices extends OsServices, OpenStore {
  /** Opened by `recoverStore`, the first effect of all. */
  registry: OpenStore['registry'];
  audit: OpenStore['audit'];
  journal: OpenStore['journal'];
  /** What each route file says, as it was last read or written. */
  readonly routes: Map<string, Route>;
  readonly releases: Map<ReleaseKey, ReleaseFile>;
  /** Image segments a dead Runner had left. */
  readonly segmentsReclaimed: number;
  /** What differs from DEFAULT_ARCHIVE_LIMITS. */
  readonly packageLimits: Partial<ArchiveLimits>;
  interpreters(): Promise<readonly Interpreter[]>;
  progress(progress: Progress): void;
}

export function fileOf({ releases }: EffectServices, key: ReleaseKey): ReleaseFile {
  const file = releases.get(key);
  if (file === undefined) throw new Error(`no file is kept for ${key}`);
  return file;
}
