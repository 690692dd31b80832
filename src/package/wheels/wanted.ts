import type { Dependency } from '../requirements/dependency.js';
import type { RequirementHash } from '../requirements/parse-requirements.js';
import type { Wheel } from './inspect-wheel.js';

/** What is asked for: a line of requirements.txt, or what a wheel needs. */
export interface Wanted extends Dependency {
  readonly hashes?: readonly RequirementHash[];
  /** Who asks: "requirements.txt line 3", "numpy 1.26.4". */
  readonly wantedBy: string;
}

export interface ResolveFailure {
  /** `missing`: no wheel will do anywhere; `incompatible`: the wheels there are made for other interpreters. */
  readonly kind: 'missing' | 'incompatible';
  /** What was asked for, as written. */
  readonly requirement: string;
  readonly wantedBy: string;
  readonly message: string;
  /** The wheels that would do elsewhere. */
  readonly wheels: readonly Wheel[];
}
