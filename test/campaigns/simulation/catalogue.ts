import type { Manifest } from '../../../src/package/index.js';

/** How a package of the site really behaves, whatever its manifest says. */
export type Nature =
  | 'good'
  /** Keeps its sessions to itself: they cannot move to another process. */
  | 'stateful'
  /** Speaks the oldest protocol: no info, no reset, no session state. */
  | 'legacy'
  /** Answers with errors of every kind rather often. */
  | 'flaky'
  /** Dies before it says hello. */
  | 'broken'
  /** Says of itself what its manifest does not. */
  | 'liar'
  /** No valid package. */
  | 'invalid';

export interface CataloguePackage {
  readonly zip: string;
  readonly key: string;
  readonly sha256: string;
  readonly nature: Nature;
  readonly manifest: Manifest;
}

const STEPS = {
  screw: ['locate', 'inspect'],
  gear: ['measure'],
} as const;
export const PIDS = ['A01', 'A02', 'B01'] as const;
const SUPPORTED = { screw: ['A01', 'A02'], gear: ['B01'] } as const;

function packageOf(name: 'screw' | 'gear', version: string, nature: Nature): CataloguePackage {
  const key = `${name}@${version}`;
  return {
    ...{ key, nature, zip: `${name}-v${version}-offline.zip`, sha256: hex(key) },
    manifest: {
      ...{ name, version, requiredAssets: {}, defaultConfig: {}, stepsCountFrom: 1, supportedPids: SUPPORTED[name] },
      entryPoint: { kind: 'class', text: `${name}.main:Algorithm`, module: `${name}.main`, className: 'Algorithm' },
      steps: STEPS[name].map((step, i) => ({
        index: i + 1,
        name: step,
        params: [{ key: 'threshold', type: 'float', min: 0, max: 1, required: false, default: 0.5 }],
      })),
    },
  };
}

/** Sixty-four digits that name the content. */
function hex(text: string): string {
  let digits = '';
  for (let i = 0, hash = 0x811c9dc5; digits.length < 64; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i % text.length) ^ i, 0x01000193) >>> 0;
    digits += hash.toString(16).padStart(8, '0');
  }
  return digits.slice(0, 64);
}

/** Everything that is ever delivered to the site. */
export const CATALOGUE: readonly CataloguePackage[] = [
  packageOf('screw', '1.0.0', 'good'),
  packageOf('screw', '2.0.0', 'good'),
  packageOf('screw', '3.0.0', 'flaky'),
  packageOf('screw', '4.0.0', 'stateful'),
  packageOf('screw', '5.0.0', 'broken'),
  packageOf('screw', '6.0.0', 'liar'),
  packageOf('screw', '7.0.0', 'invalid'),
  packageOf('gear', '1.0.0', 'good'),
  packageOf('gear', '1.1.0', 'legacy'),
  packageOf('gear', '2.0.0', 'good'),
  packageOf('gear', '3.0.0', 'broken'),
];

const BY_KEY = new Map(CATALOGUE.map((entry) => [entry.key, entry]));

/** @throws when the site never gets such a package */
export function packageNamed(key: string): CataloguePackage {
  const found = BY_KEY.get(key);
  if (found === undefined) throw new Error(`the catalogue has no package ${key}`);
  return found;
}
