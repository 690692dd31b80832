import type { AnyStateMachine, AnyTransitionDefinition } from 'xstate';
import { transitionName } from '../../../src/testing/model/index.js';
import type { Site } from './mutants.js';
import { transitionLists } from './places.js';

/** The names of a machine's transitions, by the definitions of one copy of it. */
export function namesOf(machine: AnyStateMachine): ReadonlyMap<AnyTransitionDefinition, string> {
  return new Map(
    transitionLists(machine).flatMap(({ definitions }) =>
      definitions.map((definition) => [definition, transitionName(definition)] as const),
    ),
  );
}

/** The same of a mutant: its transitions go by the names they have in the original. */
export function namesOfMutant(
  original: AnyStateMachine,
  mutant: AnyStateMachine,
  site: Site,
): ReadonlyMap<AnyTransitionDefinition, string> {
  const placeOf = (state: string, eventType: string) => `${state} · ${eventType.replace(' at once.', '.')}`;
  const lists = new Map(
    transitionLists(original).map(({ node, eventType, definitions }) => [
      placeOf(node.path.join('.'), eventType),
      definitions,
    ]),
  );
  return new Map(
    transitionLists(mutant).flatMap(({ node, eventType, definitions }) => {
      const state = node.path.join('.');
      const isHere = state === site.state && eventType === site.eventType;
      const gone = isHere ? (site.gone ?? Infinity) : Infinity;
      const originals = lists.get(placeOf(state, eventType)) ?? [];
      return definitions.flatMap((definition, i) => {
        const same = originals[i < gone ? i : i + 1];
        return same === undefined ? [] : [[definition, transitionName(same)] as const];
      });
    }),
  );
}
