import type { System } from '../../../src/testing/exploration/index.js';
import type { Scene } from './scene.js';

/** An exploration just after a move, as rules look at it; good until the next move. */
export function exploredScene({ world, happened }: System): Scene {
  const taken = world.places.all.filter((place) => world.isTaken(place));
  return {
    seen: happened.map(({ seen }) => seen),
    hasEnded: world.situationAt(world.root).isDone,
    machines: () =>
      taken.flatMap((place) => {
        if (place.kind !== 'machine') return [];
        const { machine, state, snapshot } = world.situationAt(place);
        return [{ path: place.path, machine, state, context: snapshot.context as unknown }];
      }),
    effects: () =>
      taken.flatMap((place) => (place.kind === 'effect' ? [{ path: place.path, ...world.effectAt(place) }] : [])),
    timersOf: (path) =>
      taken.flatMap((place) => (place.path === path ? world.timersAt(place).map(({ id }) => id) : [])),
  };
}
