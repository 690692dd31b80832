import { nameInView } from '../../../machines/index.js';
import type { SystemView } from '../../../machines/index.js';
import type { Desk } from './scenario.js';
import type { World } from './world.js';

/** The living actors as invariants see them, whatever state the world is in. */
export function viewOf(world: World, desk: () => Desk): SystemView {
  const all = (machine: string) => {
    const { places, machineAt, content } = world;
    const found = places.all.filter(
      ({ kind, number }) => kind === 'machine' && machineAt[number] === machine && content[number] !== 0,
    );
    return new Map(
      found.map(({ path, number }) => [nameInView(machine, path), world.sights.shown((content[number] ?? 0) - 1)]),
    );
  };
  return {
    nowMs: 0,
    lateMs: 0,
    isTimeless: true,
    get runner() {
      return world.sights.shown((world.content[world.root.number] ?? 0) - 1);
    },
    get packages() {
      return all('package');
    },
    get routes() {
      return all('route');
    },
    get changeovers() {
      return all('changeover');
    },
    get processes() {
      return all('process');
    },
    get files() {
      return new Map(Object.entries(desk().files));
    },
  };
}
