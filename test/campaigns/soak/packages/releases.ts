import { keyOf } from '../../../../machines/release.js';
import type { ReleaseKey } from '../../../../src/index.js';

/**
 * What is wrong with a release once the outbreak has come; until then it is healthy, or it could not be installed.
 *
 * - `mute` never says hello, `crash` exits at once, `wrong_info` disagrees with its manifest: none gets ready
 * - `late` takes a while to say hello and is sound
 * - `slow` answers no call in time, `faulty` answers every call with an error: both get ready and fail on probation
 */
export const ILLS = ['mute', 'crash', 'wrong_info', 'late', 'slow', 'faulty'] as const;
export type Ill = (typeof ILLS)[number];

/** What a switch to a release with this illness comes to, unless something else comes in between. */
export const COURSE: Readonly<Record<Ill, 'aborts' | 'rolls back' | 'holds'>> = {
  mute: 'aborts',
  crash: 'aborts',
  wrong_info: 'aborts',
  late: 'holds',
  slow: 'rolls back',
  faulty: 'rolls back',
};

export interface SoakRelease {
  readonly key: ReleaseKey;
  readonly name: string;
  readonly version: string;
  readonly pids: readonly string[];
  readonly ill: Ill | null;
}

export interface Algorithm {
  readonly name: string;
  readonly pids: readonly string[];
  readonly instances: number;
  readonly releases: readonly SoakRelease[];
}

function algorithm(name: string, instances: number, pids: readonly string[], ills: readonly Ill[]): Algorithm {
  const release = (version: string, ill: Ill | null): SoakRelease => ({
    key: keyOf({ name, version }),
    name,
    version,
    pids,
    ill,
  });
  const healthy = ['1.0.0', '1.1.0', '2.0.0'].map((version) => release(version, null));
  return { name, pids, instances, releases: [...healthy, ...ills.map((ill, i) => release(`3.${i}.0-${ill}`, ill))] };
}

/** Two algorithms, five PIDs; one with a process per release, one with two. */
export const ALGORITHMS: readonly Algorithm[] = [
  algorithm('iris', 1, ['A01', 'A02', 'A03'], ['mute', 'crash', 'wrong_info', 'late', 'slow', 'faulty']),
  algorithm('lens', 2, ['B01', 'B02'], ['crash', 'late', 'slow', 'faulty']),
];

export const releaseNamed = (key: ReleaseKey): SoakRelease | undefined =>
  ALGORITHMS.flatMap(({ releases }) => releases).find((release) => release.key === key);
