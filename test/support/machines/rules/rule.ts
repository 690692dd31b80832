import type { AnyEventObject } from 'xstate';
import type {
  ChangeoverContext,
  PackageContext,
  ProcessContext,
  RouteContext,
  RunnerContext,
} from '../../../../machines/index.js';
import type { Seen } from '../../../../machines/invariants/index.js';
import type { Watch } from '../watches.js';
import type { Scene, TimedScene } from '../scene.js';

/** Says of one case whether it is as it has to be; the words only when it is not. */
export type Judge = (isRight: boolean, words: () => string) => void;

/** What has to hold after every outside event. */
export type Rule<Of extends Scene = Scene> = (scene: Of, judge: Judge) => void;

/** A rule of single events judges every move of an exploration too; one with a memory, or of time, needs a history. */
export type RuleOf =
  { readonly of: 'event'; readonly rule: Rule } | { readonly of: 'history'; readonly make: () => Rule<TimedScene> };

/** A rule watching one history; it was met when there was a case to judge. */
export function watchOfRule(known: RuleOf): Watch {
  const rule = known.of === 'event' ? known.rule : known.make();
  let met = false;
  return {
    get met() {
      return met;
    },
    after(system) {
      const wrong: string[] = [];
      rule(system, (isRight, words) => {
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

function once<T>({ seen }: Scene, what: string, find: () => T): T {
  const known = lookedUp.get(seen) ?? new Map<string, unknown>();
  lookedUp.set(seen, known);
  if (!known.has(what)) known.set(what, find());
  return known.get(what) as T;
}

export const deliveredTo = <Machine extends Name>(system: Scene, machine: Machine): readonly Delivery<Machine>[] =>
  once(
    system,
    `delivered ${machine}`,
    () =>
      system.seen.filter(
        (seen) => seen.what === 'delivered' && seen.machine === machine,
      ) as unknown as readonly Delivery<Machine>[],
  );

export const emittedBy = (system: Scene, actor: string): readonly AnyEventObject[] =>
  system.seen.flatMap((seen) => (seen.what === 'emitted' && seen.actor === actor ? [seen.event] : []));

export const askedBy = (system: Scene, actor: string): readonly Extract<Seen, { what: 'asked' }>['command'][] =>
  system.seen.flatMap((seen) => (seen.what === 'asked' && seen.actor === actor ? [seen.command] : []));

/** The living actors of one machine as they stand between two outside events. */
export const living = <Machine extends Name>(
  system: Scene,
  machine: Machine,
): readonly (Standing<Machine> & { readonly path: string })[] =>
  once(system, `living ${machine}`, () =>
    system
      .machines()
      .flatMap(({ path, state, context, ...actor }) =>
        actor.machine === machine ? [{ path, state, context: context as Contexts[Machine] }] : [],
      ),
  );

/** Whether an actor with this path lives. */
export const lives = (system: Scene, path: string): boolean =>
  once(system, 'paths', () => new Set(system.machines().map((actor) => actor.path))).has(path);

export function runnerOf(system: Scene): Standing<'runner'> {
  const [runner] = living(system, 'runner');
  if (runner === undefined) throw new Error('there is no Runner');
  return runner;
}
