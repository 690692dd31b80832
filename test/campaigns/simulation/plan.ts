import { CATALOGUE, PIDS } from './catalogue.js';
import { Draws } from './draws.js';
import { FAULT_KINDS } from './fault-kinds.js';
import type { FaultKind } from './fault-kinds.js';

/** How a product is inspected. */
export const MANNERS = [
  'detect',
  'with_image',
  'by_hand',
  'cancelled',
  'with_deadline',
  'flow_cancelled',
  'flow_left',
  'burst',
] as const;
export type Manner = (typeof MANNERS)[number];

/** What operators get wrong. */
export const MISTAKES = [
  'unknown_release',
  'unknown_pid',
  'switch_to_broken',
  'switch_to_foreign',
  'uninstall_routed',
  'stop_routed',
  'activate_twice',
  'deactivate_unbound',
  'confirm_nothing',
  'install_invalid',
  'install_again',
  'wrong_step',
  'wrong_params',
] as const;
export type Mistake = (typeof MISTAKES)[number];

/** One thing that happens from outside; choices it leaves open are made when it happens, from draws of its own. */
export type Act =
  | { readonly do: 'inspect'; readonly pid: string; readonly manner: Manner }
  | { readonly do: 'install'; readonly key: string }
  | { readonly do: 'activate' | 'switch' | 'rollback' | 'deactivate' | 'confirm' }
  | {
      readonly do: 'switch_and_cancel' | 'switch_both' | 'uninstall' | 'force_uninstall' | 'restart' | 'prune' | 'scan';
    }
  | { readonly do: 'mistake'; readonly mistake: Mistake }
  /** The operator's round: what is down is brought up again. */
  | { readonly do: 'round' }
  | { readonly do: 'fault'; readonly fault: FaultKind };

export interface PlannedAct {
  /** Names it when a day is made shorter; its draws come from it. */
  readonly id: number;
  readonly atMs: number;
  readonly act: Act;
}

export interface DayPlan {
  readonly seed: number;
  /** When it ends; what is planned later does not happen. */
  readonly endMs: number;
  readonly acts: readonly PlannedAct[];
}

const DAY_MS = 12 * 60_000;
const MORNING_MS = 25_000;
const INSPECTIONS_PER_PID = 46;
const CHANGES = 18;
const MISTAKES_MADE = 16;
const ROUNDS = 24;
const FAULTS = 44;

/** The day of a seed: who does what when, and what goes wrong. */
export function planOf(seed: number): DayPlan {
  const draws = new Draws(seed).fork('plan');
  const acts: Omit<PlannedAct, 'id'>[] = [];
  const at = (atMs: number, act: Act): void => void acts.push({ atMs: Math.round(atMs), act });
  const sometime = (): number => draws.between(MORNING_MS, DAY_MS);

  at(100, { do: 'install', key: 'screw@1.0.0' });
  at(150, { do: 'install', key: 'gear@1.0.0' });
  at(MORNING_MS - 8_000, { do: 'round' });
  for (const { key } of CATALOGUE)
    if (!key.endsWith('@1.0.0')) at(draws.between(20_000, DAY_MS / 2), { do: 'install', key });
  for (const pid of PIDS)
    for (let i = 0; i < INSPECTIONS_PER_PID; i++)
      at(sometime(), { do: 'inspect', pid, manner: draws.chance(0.55) ? 'detect' : draws.pick(MANNERS) });
  for (let i = 0; i < CHANGES; i++) at(sometime(), { do: draws.pick(CHANGE_ACTS) });
  for (let i = 0; i < MISTAKES_MADE; i++) {
    const atMs = sometime();
    const act: Act = { do: 'mistake', mistake: draws.pick(MISTAKES) };
    at(atMs, act);
    // In a hurry: the same again at once.
    if (draws.chance(0.3)) at(atMs, act);
  }
  for (let i = 0; i < ROUNDS; i++) at(MORNING_MS + (i * (DAY_MS - MORNING_MS)) / ROUNDS, { do: 'round' });
  for (const other of OTHER_ACTS) if (draws.chance(0.6)) at(sometime(), { do: other });
  for (let i = 0; i < FAULTS; i++) at(sometime(), { do: 'fault', fault: draws.pick(FAULTS_BY_WEIGHT) });
  const ordered = acts.toSorted((a, b) => a.atMs - b.atMs);
  return { seed, endMs: DAY_MS, acts: ordered.map((act, id) => ({ id, ...act })) };
}

const CHANGE_ACTS = ['switch', 'switch', 'switch', 'rollback', 'rollback', 'switch_and_cancel', 'switch_both'] as const;
const OTHER_ACTS = [
  'uninstall',
  'force_uninstall',
  'restart',
  'restart',
  'prune',
  'scan',
  'deactivate',
  'confirm',
] as const;

/** A host that loses power takes all else with it, so it does so seldom. */
const SELDOM: readonly FaultKind[] = ['power_loss', 'runner_killed', 'discardDeployment_fails', 'disk_full'];
const FAULTS_BY_WEIGHT: readonly FaultKind[] = FAULT_KINDS.flatMap((kind) =>
  SELDOM.includes(kind) ? [kind] : [kind, kind],
);
