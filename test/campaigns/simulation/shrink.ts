import { Day } from './day.js';
import type { DayOptions } from './day-report.js';
import type { DayPlan, PlannedAct } from './plan.js';

/** Days that are lived at most to make one shorter. */
const TRIES_MAX = 400;
const AFTERWARDS_MS = 1_000;

/**
 * What of a day it takes to break the same rule: delta debugging over its acts, larger pieces first. An act keeps its
 * number, and so its draws, whatever is left out around it.
 */
export async function shrink(plan: DayPlan, rule: string, options: DayOptions = {}): Promise<DayPlan> {
  let tries = 0;
  let { acts, endMs } = plan;
  /** @returns when it fails by this rule; null: it does not */
  const failsAt = async (fewer: readonly PlannedAct[], until: number): Promise<number | null> => {
    tries += 1;
    const { violations } = await new Day(
      { ...plan, acts: fewer, endMs: until },
      { ...options, shortened: true },
    ).live();
    const [first] = violations;
    return first?.rule === rule ? first.atMs : null;
  };
  const fails = async (fewer: readonly PlannedAct[]): Promise<boolean> => (await failsAt(fewer, endMs)) !== null;
  const atMs = await failsAt(acts, endMs);
  if (atMs === null) return plan;
  // What was planned for later has nothing to do with it, unless it is the end of the day that fails.
  const earlier = acts.filter((planned) => planned.atMs <= atMs);
  if ((await failsAt(earlier, Math.min(endMs, atMs + AFTERWARDS_MS))) !== null) {
    acts = earlier;
    endMs = Math.min(endMs, atMs + AFTERWARDS_MS);
  }
  for (let size = Math.ceil(acts.length / 2); size >= 1 && tries < TRIES_MAX;) {
    let removed = false;
    // From the end: what happens after the failure is the first to go.
    for (let at = acts.length - size; at > -size && tries < TRIES_MAX; at -= size) {
      const rest = [...acts.slice(0, Math.max(0, at)), ...acts.slice(at + size)];
      if (rest.length === acts.length || !(await fails(rest))) continue;
      acts = rest;
      removed = true;
    }
    if (size === 1 && !removed) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return { ...plan, acts, endMs };
}
