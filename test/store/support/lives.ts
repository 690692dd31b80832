import { deepStrictEqual, ok } from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { readRecent, recoverStore, storeLayout, verifyAudit } from '../../../src/store/index.js';
import type { FileSystem, ProblemKind, RecoveredStore } from '../../../src/store/index.js';
import { newDisk } from './power-loss-disk.js';
import type { Disk } from './power-loss-disk.js';
import { contentOf, liveOn } from './power-loss-file-system.js';
import type { Life } from './power-loss-file-system.js';
import { mulberry } from './random.js';
import { refusalOrNone } from './refusal.js';
import { faultyFileSystem } from './faulty-file-system.js';
import { newHistory, possible } from './history.js';
import type { Held, History } from './history.js';
import { perform, steps } from './requests.js';
import type { Request } from './requests.js';

/** How a life ends: killed, what it wrote stays in the cache; or with the machine, whose cache is lost. */
export interface End {
  readonly call: number;
  readonly by: 'kill' | 'power loss';
}

/** @property fault calls that fail, counted from the first request */
export interface LifeStory {
  readonly steps: readonly (readonly Request[])[];
  readonly end: End;
  readonly fault?: { readonly from: number; readonly calls: number };
}

/** A store from the first start of a Runner on it, through the ends of several. */
export interface Saga {
  readonly lives: readonly LifeStory[];
  /** Ends of recoveries after each life, before one goes through. */
  readonly recoveries: readonly End[];
  readonly seed: number;
}

/** Calls of a recovery until its folders are there, and until it ends. */
export const SOON = 60;
export const LATE = 170;

export const NEVER: End = { call: Infinity, by: 'kill' };

const ends = (calls: fc.Arbitrary<number>): fc.Arbitrary<End> =>
  fc.record({ call: calls, by: fc.constantFrom('power loss', 'kill') });

const stories: fc.Arbitrary<LifeStory> = fc.record(
  {
    steps: fc.array(steps, { minLength: 1, maxLength: 3 }),
    end: ends(fc.integer({ min: 1, max: 110 })),
    fault: fc.record({ from: fc.integer({ min: 1, max: 80 }), calls: fc.integer({ min: 1, max: 6 }) }),
  },
  { requiredKeys: ['steps', 'end'] },
);

export const sagas: fc.Arbitrary<Saga> = fc.record({
  lives: fc.array(stories, { minLength: 1, maxLength: 2 }),
  recoveries: fc.array(ends(fc.oneof(fc.integer({ min: 1, max: SOON }), fc.integer({ min: SOON, max: LATE }))), {
    maxLength: 2,
  }),
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
});

const layout = storeLayout('/store');
type Wrap = (fs: FileSystem) => FileSystem;

/** How many calls the last life makes. */
export async function callsOf({ lives }: Saga): Promise<number> {
  const disk = newDisk();
  const history = newHistory();
  let calls = 0;
  for (const { steps: asked } of lives) {
    const life = liveOn(disk);
    const recovered = await recoverStore(layout, {}, life);
    const before = life.calls;
    for (const step of asked)
      for (const request of step) await perform({ ...recovered, layout }, life, history, request);
    calls = life.calls - before;
  }
  return calls;
}

/** @param wrap a file system that forgets something, for the test of the test */
export async function liveThrough({ lives, recoveries, seed }: Saga, wrap: Wrap = (fs) => fs): Promise<void> {
  const disk = newDisk();
  const random = mulberry(seed);
  const history = newHistory();
  const finish = ({ by }: End): void => (by === 'power loss' ? disk.losePower(random) : undefined);
  await recover(disk, wrap);
  for (const story of lives) {
    const life = liveOn(disk);
    await Promise.race([life.death, work(life, wrap, history, story)]);
    finish(story.end);
    for (const again of recoveries) {
      const recovery = liveOn(disk);
      recovery.dieAt(again.call);
      await Promise.race([recovery.death, recoverStore(layout, {}, wrap(recovery))]);
      finish(again);
    }
    const powerLost = [story.end, ...recoveries].some(({ by }) => by === 'power loss');
    await check(disk, await recover(disk, wrap), history, powerLost);
    disk.losePower(random); // what recovery found is as good as promised
    await check(disk, await recover(disk, wrap), history, true);
  }
}

async function work(life: Life, wrap: Wrap, history: History, { steps: asked, end, fault }: LifeStory): Promise<void> {
  let first = Infinity;
  const fails = (at: number): boolean => fault !== undefined && at >= fault.from && at < fault.from + fault.calls;
  const fs = faultyFileSystem({ fail: (_, number) => (fails(number - first) ? 'EIO' : undefined) }, wrap(life));
  const recovered = await recoverStore(layout, {}, fs);
  life.dieAt(end.call);
  first = fs.calls.length;
  for (const step of asked) {
    const refusals = await Promise.all(
      step.map((request) => refusalOrNone(perform({ ...recovered, layout }, fs, history, request))),
    );
    for (const refusal of refusals) {
      if (refusal === undefined) continue;
      if (fault === undefined || refusal.faultName !== 'store_io_failed') throw refusal;
      if (refusal.details['visible'] === true) return; // a Runner told that ends, for what is missing to be done
    }
  }
}

/** A recovery that is left to end. */
async function recover(disk: Disk, wrap: Wrap): Promise<RecoveredStore> {
  return recoverStore(layout, {}, wrap(liveOn(disk)));
}

/** Contradictions between facts that were each promised. */
const EXPECTED: readonly ProblemKind[] = [
  'leftover',
  'deployment_incomplete',
  'deployment_missing',
  'deployment_unregistered',
  'route_to_missing_release',
  'zip_missing',
  'audit_damaged',
];

/** Compares what is there with what was promised, and takes it as the beginning of the next life. */
async function check(disk: Disk, store: RecoveredStore, history: History, powerLost: boolean): Promise<void> {
  deepStrictEqual(
    store.problems.filter(({ what }) => !EXPECTED.includes(what)),
    [],
  );
  const held = heldBy(disk, store);
  const trail = await readRecent(layout.audit, {}, liveOn(disk));
  const lastWords = new Map(trail.map(({ subject, outcome }) => [subject, outcome]));
  const told = history.asked.filter((subject) => lastWords.get(subject) === 'done');
  const states = possible(history, powerLost);
  const match = states.find(
    (state) =>
      isDeepStrictEqual(state.held, held) && isDeepStrictEqual([...history.done, ...state.done].sort(), told.sort()),
  );
  if (match === undefined)
    deepStrictEqual(
      { held, told },
      { held: states.map((s) => s.held), told: states.map((s) => [...history.done, ...s.done]) },
    );

  const verdict = await verifyAudit(layout.audit, liveOn(disk));
  ok(verdict.ok && !verdict.incomplete, JSON.stringify(verdict));
  const hashes = trail.map(({ hash }) => hash);
  deepStrictEqual(
    hashes.filter((hash) => history.trail.includes(hash)),
    history.trail,
  );

  const before = contentOf(disk);
  deepStrictEqual(
    Object.keys(before).filter((path) => JUNK.test(path)),
    [],
  );
  const again = await recoverStore(layout, {}, liveOn(disk));
  deepStrictEqual(again.operations, []);
  deepStrictEqual(withoutTrail(contentOf(disk)), withoutTrail(before));

  history.held = held;
  history.open.clear();
  if (powerLost) history.refused = [];
  history.done.push(...(match?.done ?? []));
}

/** The torn end of the trail is kept aside, everything else torn was never part of the store. */
const JUNK = /\.tmp$|\/(operations|\.staging)\/.|\/aside\/(?!logs-audit)/;

/** Lasting contradictions are told at every start. */
function withoutTrail(content: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(content).filter(([path]) => path !== layout.audit));
}

function heldBy(disk: Disk, { routes, registry, releases, unregistered }: RecoveredStore): Held {
  const content = contentOf(disk);
  const deployments = [...releases.flatMap(({ deployment }) => deployment ?? []), ...unregistered];
  return {
    routes: Object.fromEntries([...routes].map(([pid, { version }]) => [pid, version])),
    entries: Object.fromEntries(
      registry.entries().map(({ name, state, updated_at }) => [name, `${state} ${updated_at}`]),
    ),
    forgotten: registry
      .forgotten()
      .map(({ sha256 }) => sha256)
      .sort(),
    deployed: Object.fromEntries(
      deployments.map(({ name, folder }) => [name, content[`${folder}/main.py`] ?? 'not there']),
    ),
  };
}
