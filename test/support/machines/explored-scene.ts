import type { System } from '../../../src/testing/exploration/index.js';
import type { Scene } from './scene.js';

/** An exploration just after a move, as rules look at it; good until the next move. */
export function exploredScene({ actorSystem, happened }: System): Scene {
  const taken = actorSystem.places.all.filter((place) => actorSystem.isTaken(place));
  return {
    seen: happened.map(({ seen }) => seen),
    hasEnded: actorSystem.situationAt(actorSystem.root).isDone,
    machines: () =>
      taken.flatMap((place) => {
        if (place.kind !== 'machine') return [];
        const { machine, state, snapshot } = actorSystem.situationAt(place);
        return [{ path: place.path, machine, state, context: snapshot.context as unknown }];
      }),
    effects: () =>
      taken.flatMap((place) => (place.kind === 'effect' ? [{ path: place.path, ...actorSystem.effectAt(place) }] : [])),
    timersOf: (path) =>
      taken.flatMap((place) => (place.path === path ? actorSystem.timersAt(place).map(({ id }) => id) : [])),
  };
}
