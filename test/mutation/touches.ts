import type { AnyMachineSnapshot, AnyTransitionDefinition } from 'xstate';
import { stateOf } from '../../src/model/index.js';
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

  stepped(...[{ id }, before, { type }, { snapshot, taken }]: Parameters<Onlooker['stepped']>): void {
    this.#at(id, before, type);
    this.#at(id, snapshot);
    for (const transition of taken) {
      this.taken.add(transition);
      const { source, eventType, target } = transition;
      const state = source.path.join('.');
      this.seen.add(`${id} ${state}`).add(`${id} ${state} · ${eventType as string}`);
      for (const node of target ?? []) this.seen.add(`${id} ${node.path.join('.')}`);
    }
  }

  #at(machine: string, snapshot: AnyMachineSnapshot | null, eventType?: string): void {
    if (snapshot === null) return;
    const state = stateOf(snapshot);
    this.seen.add(`${machine} ${state}`);
    if (eventType !== undefined) this.seen.add(`${machine} ${state} · ${eventType}`);
  }
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
