import type { AnyEventObject } from 'xstate';
import type {
  ChangeoverContext,
  PackageContext,
  ProcessContext,
  RouteContext,
  RunnerContext,
} from '../../../../machines/index.js';
import type { Seen } from '../../../../machines/invariants/index.js';
import { stateOf } from '../../../../src/model/index.js';
import type { Watch } from '../watches.js';
import type { World } from '../world.js';

/** Says of one case whether it is as it has to be; the words only when it is not. */
export type Judge = (isRight: boolean, words: () => string) => void;

/** What has to hold after every outside event of a history. */
export type Rule = (world: World, judge: Judge) => void;

/** A rule watching one history; it was met when there was a case to judge. */
export function watchOfRule(make: () => Rule): Watch {
  const rule = make();
  let met = false;
  return {
    get met() {
      return met;
    },
    after(world) {
      const wrong: string[] = [];
      rule(world, (isRight, words) => {
        met = true;
        if (!isRight) wrong.push(words());
      });
      return wrong;
    },
    atRest: () => [],
  };
}

interface Contexts {
  runner: RunnerContext;
  package: PackageContext;
  process: ProcessContext;
  heartbeat: { readonly misses: number };
  route: RouteContext;
  changeover: ChangeoverContext;
}
type Name = keyof Contexts;

export interface Standing<Machine extends Name> {
  readonly state: string;
  readonly context: Contexts[Machine];
}

/** One event that reached an actor; invariants see less of it, histories see all. */
export interface Delivery<Machine extends Name> {
  readonly actor: string;
  readonly event: AnyEventObject;
  readonly before: Standing<Machine> | null;
  readonly after: Standing<Machine>;
}

/** What is looked up by many rules after the same event. */
const lookedUp = new WeakMap<readonly Seen[], Map<string, unknown>>();

function once<T>({ seen }: World, what: string, find: () => T): T {
  const known = lookedUp.get(seen) ?? new Map<string, unknown>();
  lookedUp.set(seen, known);
  if (!known.has(what)) known.set(what, find());
  return known.get(what) as T;
}

export const deliveredTo = <Machine extends Name>(world: World, machine: Machine): readonly Delivery<Machine>[] =>
  once(
    world,
    `delivered ${machine}`,
    () =>
      world.seen.filter(
        (seen) => seen.what === 'delivered' && seen.machine === machine,
      ) as unknown as readonly Delivery<Machine>[],
  );

export const emittedBy = (world: World, actor: string): readonly AnyEventObject[] =>
  world.emitted.filter(({ path }) => path === actor).map(({ event }) => event);

export const askedBy = (world: World, actor: string): readonly Extract<Seen, { what: 'asked' }>['command'][] =>
  world.seen.flatMap((seen) => (seen.what === 'asked' && seen.actor === actor ? [seen.command] : []));

/** The living actors of one machine as they stand between two outside events. */
export const living = <Machine extends Name>(
  world: World,
  machine: Machine,
): readonly (Standing<Machine> & { readonly path: string })[] =>
  once(world, `living ${machine}`, () =>
    world.composition
      .machines()
      .flatMap(({ path, stepper, snapshot }) =>
        stepper.machine.id === machine
          ? [{ path, state: stateOf(snapshot), context: snapshot.context as Contexts[Machine] }]
          : [],
      ),
  );

export const runnerOf = ({ composition }: World): Standing<'runner'> => ({
  state: stateOf(composition.root.snapshot),
  context: composition.root.snapshot.context as RunnerContext,
});
