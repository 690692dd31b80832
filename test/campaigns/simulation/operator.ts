import type { Runner } from '../../../src/runner/runner.js';
import { RunnerError } from '../../../src/base/errors/index.js';
import { CATALOGUE, packageNamed, PIDS } from './catalogue.js';
import type { HostClock } from './clock.js';
import type { Draws } from './draws.js';
import { inspect } from './inspections.js';
import type { Act, Mistake } from './plan.js';

/** What operators did on one host, and how it ended. */
export interface Deeds {
  /** Changes of routes that were committed, by kind. */
  readonly changes: Map<string, number>;
  readonly mistakes: Map<string, number>;
  /** Requests that were refused or failed, by the name of the fault. */
  readonly refusals: Map<string, number>;
}

/** Promised to an operator: looked for in the store at that very moment. */
export interface Promised {
  readonly what: string;
  readonly holds: () => boolean;
}

export interface Post {
  readonly runner: Runner;
  readonly clock: HostClock;
  readonly deeds: Deeds;
  /** What a promise that was kept must have left in the store. */
  readonly onPromised: (promised: Promised) => void;
  readonly store: {
    routeOf(pid: string): string | null;
    stateOf(key: string): string | null;
  };
}

/** Carries out one act of a day through the library, as a person or a line would. */
export async function carryOut(post: Post, act: Exclude<Act, { do: 'fault' }>, draws: Draws): Promise<void> {
  try {
    await attempt(post, act, draws);
  } catch (error) {
    if (!(error instanceof RunnerError)) throw error;
    count(post.deeds.refusals, error.faultName);
  }
}

export const count = (counts: Map<string, number>, name: string): void =>
  void counts.set(name, (counts.get(name) ?? 0) + 1);

function attempt(post: Post, act: Exclude<Act, { do: 'fault' }>, draws: Draws): Promise<unknown> {
  const { runner } = post;
  switch (act.do) {
    case 'inspect':
      return inspect(post, act, draws);
    case 'install':
      return install(post, act.key);
    case 'activate':
      return round(post, draws);
    case 'switch':
      return move(post, draws, [draws.pick(PIDS)], {});
    case 'switch_both':
      return move(post, draws, ['A01', 'A02'], { until: 'confirmed' });
    case 'switch_and_cancel': {
      const off = new AbortController();
      post.clock.setTimeout(
        () => {
          post.clock.stir();
          off.abort();
        },
        draws.between(0, 600),
      );
      return move(post, draws, [draws.pick(PIDS)], { signal: off.signal });
    }
    case 'rollback':
      return rollback(post, draws.pick(PIDS));
    case 'deactivate':
      return runner.deactivate([draws.pick(PIDS)]);
    case 'confirm':
      return runner.confirm([draws.pick(PIDS)]);
    case 'uninstall':
      return uninstall(post, draws, false);
    case 'force_uninstall':
      return uninstall(post, draws, true);
    case 'restart': {
      const release = draws.pick(CATALOGUE).key;
      return runner.stop(release, { force: draws.chance(0.5) }).then(() => runner.start(release));
    }
    case 'prune':
      return runner.prune({ keep: 2, remove: true });
    case 'scan':
      return runner.scan();
    case 'round':
      return round(post, draws);
    case 'mistake':
      count(post.deeds.mistakes, act.mistake);
      return blunder(post, act.mistake, draws);
  }
}

async function install(post: Post, key: string): Promise<void> {
  const { release } = await post.runner.install(packageNamed(key).zip);
  post.onPromised({ what: `${release} is installed`, holds: () => post.store.stateOf(release) !== null });
}

async function uninstall(post: Post, draws: Draws, force: boolean): Promise<void> {
  const key = draws.pick(CATALOGUE).key;
  await post.runner.uninstall(key, { force });
  post.onPromised({ what: `${key} is uninstalled`, holds: () => post.store.stateOf(key) === null });
}

type Options = Parameters<Runner['switch']>[2];

/** To another release of its algorithm, a good one rather than a bad one. */
async function move(post: Post, draws: Draws, pids: readonly string[], options: Options): Promise<void> {
  const { runner } = post;
  const from = runner.routeOf(pids[0] ?? '');
  const siblings = runner
    .list()
    .releases.filter(({ release, name }) => release !== from && from.startsWith(`${name}@`));
  const able = siblings.filter(({ state }) => state !== 'Invalid' && state !== 'Discovered' && state !== 'Validated');
  const worthy = able.filter(({ release }) => isWorthy(release));
  // There is nothing to go to yet: then something is brought in.
  if (worthy.length === 0)
    return install(
      post,
      draws.pick(CATALOGUE.filter(({ key }) => key !== from && isRelated(key, from) && isWorthy(key))).key,
    );
  const target = draws.pick(draws.chance(0.7) ? worthy : able);
  const { kind, to, outcome } = await runner.switch(pids, target.release, options);
  count(post.deeds.changes, kind);
  if (outcome === 'committed' && options?.until === undefined) promisedRoutes(post, pids, to);
}

/** Nobody would be surprised if it worked. */
const isWorthy = (key: string): boolean => !['broken', 'liar', 'invalid'].includes(packageNamed(key).nature);
const isRelated = (key: string, other: string): boolean => key.split('@')[0] === other.split('@')[0];

async function rollback(post: Post, pid: string): Promise<void> {
  const { kind, to } = await post.runner.rollback(pid);
  count(post.deeds.changes, kind);
  promisedRoutes(post, [pid], to);
}

function promisedRoutes({ onPromised, store }: Post, pids: readonly string[], to: string | null): void {
  for (const pid of pids) onPromised({ what: `${pid} is bound to ${to}`, holds: () => store.routeOf(pid) === to });
}

/** Whatever is down is brought up again: PIDs without a release, releases that were given up. */
export async function round(post: Post, draws: Draws): Promise<void> {
  const { runner } = post;
  for (const pid of PIDS) {
    const { releases, routes } = runner.list();
    const route = routes.find((other) => other.pid === pid);
    const known = releases.filter(({ supportedPids, state }) => supportedPids.includes(pid) && state !== 'Invalid');
    try {
      if (route?.release === undefined || route.release === null) {
        const [first] = known.filter(({ release }) => packageNamed(release).nature === 'good');
        if (first === undefined) await install(post, pid === 'B01' ? 'gear@1.0.0' : 'screw@1.0.0');
        else await runner.activate(first.release, [pid]).then(({ to }) => promisedRoutes(post, [pid], to));
      } else {
        const release = releases.find((other) => other.release === route.release);
        if (release?.state === 'Stopped' || release?.state === 'Deployed') await runner.start(release.release);
        else if (release?.state === 'Invalid') await move(post, draws, [pid], {});
      }
    } catch (error) {
      if (!(error instanceof RunnerError)) throw error;
      count(post.deeds.refusals, error.faultName);
    }
  }
}

function blunder({ runner }: Post, mistake: Mistake, draws: Draws): Promise<unknown> {
  const pid = draws.pick(PIDS);
  switch (mistake) {
    case 'unknown_release':
      return runner.switch([pid], 'screw@99.0.0');
    case 'unknown_pid':
      return runner.detect({ pid: 'Z99', image: IMAGE });
    case 'switch_to_broken':
      return runner.switch([pid], pid === 'B01' ? 'gear@3.0.0' : draws.pick(['screw@5.0.0', 'screw@6.0.0']));
    case 'switch_to_foreign':
      return runner.switch([pid], pid === 'B01' ? 'screw@1.0.0' : 'gear@1.0.0');
    case 'uninstall_routed':
      return runner.uninstall(runner.routeOf(pid));
    case 'stop_routed':
      return runner.stop(runner.routeOf(pid));
    case 'activate_twice':
      return runner.activate(runner.routeOf(pid), [pid, pid]);
    case 'deactivate_unbound':
      return runner.deactivate(['Z99']);
    case 'confirm_nothing':
      return runner.confirm([pid]);
    case 'install_invalid':
      return runner.install(packageNamed('screw@7.0.0').zip);
    case 'install_again':
      return runner.install(packageNamed('screw@1.0.0').zip);
    case 'wrong_step':
      return runner.detect({ pid, image: IMAGE, steps: [17] });
    case 'wrong_params':
      return runner.detect({ pid, image: IMAGE, params: { 1: { threshold: 'high' } } });
  }
}

const IMAGE = { pixels: new Uint8Array(12), width: 2, height: 2, channels: 3 } as never;
