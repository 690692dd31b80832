import type { AnyMachineSnapshot, AnyTransitionDefinition } from 'xstate';
import { stateOf } from '../../../src/stepping/index.js';
import type { Onlooker } from './stand-in.js';
import type { Site } from './mutants.js';

/**
 * Where a check comes by in the machines as they are: `process Running · pong.received`, `process Running`.
 *
 * INVARIANTS
 * - A check that never comes to the site of a mutant goes the same way with it as without.
 */
export class Touches implements Onlooker {
  readonly seen = new Set<string>();
  readonly taken = new Set<AnyTransitionDefinition>();

  stepped(...step: Parameters<Onlooker['stepped']>): void {
    for (const place of placesOf(...step)) this.seen.add(place);
    for (const transition of step[3].taken) this.taken.add(transition);
  }
}

/** The states a step begins and ends in, those it passes, and what was heard there. */
export function placesOf(...[{ id }, before, { type }, { snapshot, taken }]: Parameters<Onlooker['stepped']>) {
  const at = (own: AnyMachineSnapshot): string => `${id} ${stateOf(own)}`;
  const passed = taken.flatMap(({ source, eventType, target }) => {
    const state = `${id} ${source.path.join('.')}`;
    return [state, `${state} · ${eventType as string}`, ...(target ?? []).map(({ path }) => `${id} ${path.join('.')}`)];
  });
  return [...(before === null ? [] : [at(before), `${at(before)} · ${type}`]), at(snapshot), ...passed];
}

/** Whether something at this place could have come by the site. */
export function comesBy(place: string, { machine, state, eventType }: Site): boolean {
  if (!place.startsWith(`${machine} ${state}`)) return false;
  const [where = '', type] = place.split(' · ');
  if (!isWithin(where.slice(machine.length + 1), state)) return false;
  if (eventType === null || eventType === '') return type === undefined;
  if (type === undefined) return false;
  return eventType.endsWith('*') ? type.startsWith(eventType.slice(0, -1)) : type === eventType;
}

const isWithin = (state: string, outer: string): boolean =>
  outer === '' || state === outer || state.startsWith(`${outer}.`);
