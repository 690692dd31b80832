/** The pictures that come with the repository, and as many more as a test wants. */
import { type BoardCondition, type BoardSpec, BOARD_CONDITIONS } from './board-image.js';
import { type BoardLayout } from './layout.js';
import { type Random, createRandom } from './random.js';

export interface BoardTruth {
  readonly image: string;
  readonly pid: string;
  readonly expected: 'OK' | 'NG';
  /** Names of the missing screws, as in the layout of `pid`. */
  readonly missing: readonly string[];
  readonly conditions: readonly BoardCondition[];
  readonly seed: number;
}

function shot(
  image: string,
  pid: string,
  seed: number,
  missing: readonly string[],
  ...conditions: BoardCondition[]
): BoardTruth {
  return { image, pid, expected: missing.length > 0 ? 'NG' : 'OK', missing, conditions, seed };
}

export const BOARD_SET: readonly BoardTruth[] = [
  shot('power-board-01.jpg', 'A01', 1001, [], 'clutter'),
  shot('power-board-02.jpg', 'A01', 1002, [], 'tilt', 'shift'),
  shot('power-board-03.jpg', 'A01', 1003, ['S4']),
  shot('power-board-04.jpg', 'A01', 1004, [], 'dim light'),
  shot('power-board-05.jpg', 'A01', 1005, ['S3', 'S5', 'S6'], 'tilt'),
  shot('power-board-06.jpg', 'A01', 1006, ['S8'], 'dim light', 'noise'),
  shot('power-board-07.png', 'A01', 1007, [], 'averaged frames'),
  shot('power-board-08.jpg', 'A01', 1008, ['S1', 'S7'], 'shift', 'uneven light', 'dropped screw'),
  shot('control-board-01.jpg', 'A02', 2001, [], 'clutter', 'uneven light'),
  shot('control-board-02.jpg', 'A02', 2002, ['C10'], 'tilt', 'shift'),
  shot('control-board-03.jpg', 'A02', 2003, [], 'bright light'),
  shot('control-board-04.png', 'A02', 2004, ['C4'], 'averaged frames', 'dropped screw'),
  shot('control-board-05.jpg', 'A02', 2005, [], 'noise', 'tilt'),
  shot('control-board-06.jpg', 'A02', 2006, ['C1', 'C2', 'C7', 'C8'], 'dim light'),
  shot('control-board-07.jpg', 'A02', 2007, [], 'tilt', 'shift', 'dim light', 'clutter'),
  shot('control-board-08.jpg', 'A02', 2008, ['C5', 'C6'], 'uneven light', 'clutter', 'shift'),
];

/** A board of chance: half of them good, the others lacking one screw or several, under any mix of conditions. */
export function randomBoardSpec(layout: BoardLayout, seed: number): BoardSpec {
  const random: Random = createRandom(seed ^ 0x5eed);
  const lacking = random.chance(0.5) ? 0 : random.chance(0.5) ? 1 : random.integer(2, 5);
  const names = layout.screws.map(({ name }) => name);
  const conditions = BOARD_CONDITIONS.filter(() => random.chance(0.35)).filter(
    (condition, _, all) => !(condition === 'bright light' && all.includes('dim light')),
  );
  return { layout, missing: random.sample(names, lacking), conditions, seed };
}
