import type { ReleaseKey } from '../../../../src/index.js';
import type { Draws } from '../load/draws.js';
import type { Algorithm, SoakRelease } from '../packages/releases.js';

/**
 * What an operator does next.
 *
 * - `let it prove itself`: the switch runs through its whole probation
 * - `confirm`: the probation is ended by hand
 * - `roll back warm`: during the probation; `roll back cold`: after it
 * - `cancel`: some time before or after the commit
 * - `switch to ill`: the release cannot hold
 */
export type Manner =
  'let it prove itself' | 'confirm' | 'roll back warm' | 'roll back cold' | 'cancel' | 'switch to ill';

export interface Move {
  readonly manner: Manner;
  readonly pids: readonly string[];
  readonly to: SoakRelease;
  /** How long an operator waits before the second half of a move. */
  readonly waitMs: number;
}

const MANNERS: readonly (readonly [Manner, number])[] = [
  ['let it prove itself', 30],
  ['confirm', 25],
  ['roll back warm', 15],
  ['roll back cold', 5],
  ['cancel', 12],
  ['switch to ill', 13],
];
/** A switch takes about so long until its commit. */
const CANCEL_WITHIN_MS = 60;
const CONFIRM_WITHIN_MS = 150;

/** @param boundTo what each PID of the algorithm points to now */
export function drawMove(draws: Draws, algorithm: Algorithm, boundTo: (pid: string) => ReleaseKey): Move {
  const manner = drawManner(draws);
  const pids = draws.someOf(algorithm.pids);
  const suits = ({ key, ill }: SoakRelease): boolean =>
    (ill !== null) === (manner === 'switch to ill') && pids.every((pid) => boundTo(pid) !== key);
  const choice = algorithm.releases.filter(suits);
  // With every healthy release in use among these PIDs, one of them alone always has somewhere to go.
  const fits = choice.length > 0;
  const one = pids.slice(0, 1);
  const to = fits ? choice : algorithm.releases.filter(({ key, ill }) => ill === null && boundTo(one[0] ?? '') !== key);
  const waitMs = draws.between(0, manner === 'cancel' ? CANCEL_WITHIN_MS : CONFIRM_WITHIN_MS);
  return { manner, pids: fits ? pids : one, to: draws.oneOf(to), waitMs };
}

function drawManner(draws: Draws): Manner {
  const total = MANNERS.reduce((sum, [, weight]) => sum + weight, 0);
  let at = draws.between(0, total);
  for (const [manner, weight] of MANNERS) if ((at -= weight) < 0) return manner;
  return 'let it prove itself';
}
