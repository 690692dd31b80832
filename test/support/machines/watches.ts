import { isDeepStrictEqual } from 'node:util';
import { INVARIANTS, deliveredTo } from '../../../machines/invariants/index.js';
import type { Invariant, Seen } from '../../../machines/invariants/index.js';
import { RULES } from './rules/index.js';
import { watchOfRule } from './rules/rule.js';
import type { SimulatedSystem } from './simulated-system.js';

/** Looks on while a history is lived; what it gives back is wrong. */
export interface Watch {
  /** Its premise came true: there was something to look at. */
  readonly met: boolean;
  /** After every outside event. */
  after(system: SimulatedSystem): readonly string[];
  /** Once everything came to rest, or the Runner is closed. */
  atRest(system: SimulatedSystem): readonly string[];
}

/** An invariant watching one history by all that happens; by what it says it hears alone it has to judge the same. */
export function watchOf(invariant: Invariant): Watch {
  let memory = invariant.start;
  let met = false;
  return {
    get met() {
      return met;
    },
    after({ seen, view }) {
      const before = memory;
      const judgement = invariant.watch(before, seen, view);
      memory = judgement.memory;
      met ||= judgement.met;
      const heard = seen.filter(invariant.hears);
      if (heard.length === seen.length) return judgement.wrong;
      if (isDeepStrictEqual(invariant.watch(before, heard, view), judgement)) return judgement.wrong;
      return [...judgement.wrong, `invariant ${invariant.number} judges otherwise by what it says it hears`];
    },
    atRest: (system) => invariant.atRest?.(memory, system.view) ?? [],
  };
}

/** Every change and every confirmation that was asked for is answered exactly once. */
export function operationsAreAnswered(): Watch {
  const answers = new Map<number, number>();
  let met = false;
  return {
    get met() {
      return met;
    },
    after({ seen }) {
      for (const id of askedFor(seen)) answers.set(id, 0);
      for (const id of answeredTo(seen)) {
        const count = answers.get(id);
        if (count === undefined) continue;
        answers.set(id, count + 1);
        met = true;
      }
      return [...answers].flatMap(([id, count]) => (count > 1 ? [`operation ${id} was answered ${count} times`] : []));
    },
    atRest: () => [...answers].flatMap(([id, count]) => (count === 0 ? [`operation ${id} was never answered`] : [])),
  };
}

const askedFor = (seen: readonly Seen[]): readonly number[] => [
  ...deliveredTo(seen, 'runner').flatMap(({ event }) => (event.type === 'changeover.asked' ? [event.operationId] : [])),
  ...deliveredTo(seen, 'route').flatMap(({ event }) => (event.type === 'route.confirm' ? [event.operationId] : [])),
];

const answeredTo = (seen: readonly Seen[]): readonly number[] =>
  seen.flatMap((what) => {
    if (what.what !== 'emitted') return [];
    const { event } = what;
    switch (event.type) {
      case 'operation.done':
      case 'operation.refused':
        return [event.operationId];
      case 'changeover.reported':
        return event.stage === 'Committed' || event.stage === 'Aborting' ? [event.operationId] : [];
      case 'actor.failed':
      case 'call.freed':
      case 'call.refused':
      case 'call.retried':
      case 'call.settled':
      case 'release.reported':
      case 'route.reported':
        return [];
    }
  });

/** Everything that looks on at every history, by name. */
export const WATCHES: Readonly<Record<string, () => Watch>> = {
  ...Object.fromEntries(INVARIANTS.map((invariant) => [`invariant ${invariant.number}`, () => watchOf(invariant)])),
  'operations are answered': operationsAreAnswered,
  ...Object.fromEntries(Object.entries(RULES).map(([name, rule]) => [name, () => watchOfRule(rule)])),
};
