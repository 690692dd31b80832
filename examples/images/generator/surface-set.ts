/** The surfaces that come with the repository, and as many more as a test wants. */
import { createRandom } from './random.js';
import { DEFECT_KINDS, type DefectKind } from './surface-defect.js';
import { type Surface, type SurfaceCondition, type SurfaceSpec, SURFACE_CONDITIONS } from './surface-image.js';

export interface SurfaceTruth {
  readonly image: string;
  readonly pid: string;
  readonly expected: 'OK' | 'NG';
  readonly kinds: readonly DefectKind[];
  readonly conditions: readonly SurfaceCondition[];
  readonly seed: number;
}

function shot(
  image: string,
  pid: string,
  seed: number,
  kinds: readonly DefectKind[],
  ...conditions: SurfaceCondition[]
): SurfaceTruth {
  return { image, pid, expected: kinds.length > 0 ? 'NG' : 'OK', kinds, conditions, seed };
}

export const SURFACE_SET: readonly SurfaceTruth[] = [
  shot('front-bezel-01.jpg', 'B10', 3001, [], 'sheen'),
  shot('front-bezel-02.jpg', 'B10', 3002, ['scratch'], 'uneven light'),
  shot('front-bezel-03.jpg', 'B10', 3003, ['spot', 'stain']),
  shot('side-bezel-01.jpg', 'B20', 3101, [], 'dim light', 'uneven light'),
  shot('side-bezel-02.jpg', 'B20', 3102, ['spot', 'spot', 'scratch'], 'sheen'),
  shot('side-bezel-03.jpg', 'B20', 3103, ['stain'], 'noise'),
];

/** A surface of chance: a third of them flawless, the others with one to three defects, under any mix of conditions. */
export function randomSurfaceSpec(surface: Surface, seed: number): SurfaceSpec {
  const random = createRandom(seed ^ 0x5eed);
  const count = random.chance(1 / 3) ? 0 : random.integer(1, 3);
  return {
    surface,
    kinds: Array.from({ length: count }, () => random.pick(DEFECT_KINDS)),
    conditions: SURFACE_CONDITIONS.filter(() => random.chance(0.35)),
    seed,
  };
}
