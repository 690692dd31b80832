import type { Step } from '../programs/job.js';
import type { CrashPackage } from './packages.js';

/** The releases the stores of the campaign are made of. */
export interface Packages {
  readonly one: CrashPackage;
  readonly two: CrashPackage;
  readonly three: CrashPackage;
  readonly four: CrashPackage;
  /** Installed by the operation itself. */
  readonly fresh: CrashPackage;
  readonly heavy: CrashPackage;
  /** Another algorithm, bound to B01 in every store: nothing of what happens may touch it. */
  readonly other: CrashPackage;
}

/**
 * An operation to be killed in.
 *
 * @property audited what the audit trail calls it
 * @property scene how the store looks before, on top of `other` serving B01
 * @property warm PIDs called before the operation begins, so that images are in shared memory when it is cut short
 * @property routes PIDs as they are bound afterwards; those left out stay as they were
 * @property fresh releases that are deployed afterwards
 * @property gone releases that are not there afterwards
 * @property parts whether it is made of several operations: its PIDs change together, each release goes by itself; else
 * all of it happens or nothing
 * @property calls the only kinds of call it is killed at; empty: all
 * @property weight how many points it gets, compared with the others
 */
export interface Operation {
  readonly name: string;
  readonly audited: string;
  readonly scene: readonly Step[];
  readonly warm: readonly string[];
  readonly act: Step;
  readonly routes: Readonly<Record<string, string | null>>;
  readonly fresh: readonly CrashPackage[];
  readonly gone: readonly string[];
  readonly parts: boolean;
  readonly calls: readonly string[];
  readonly weight: number;
}

type Sketch = Pick<Operation, 'name' | 'scene' | 'act'> & Partial<Operation>;

const LINE = ['A01', 'A02', 'A03'];
/** Two of three, so that the third shows that it was left alone. */
const PAIR = ['A01', 'A02'];

export function operationsOn(packages: Packages): readonly Operation[] {
  const { one, two, three, four, fresh, heavy } = packages;
  const bound: Step = { do: 'activate', release: one.release, pids: LINE };
  const deployed = (...wanted: CrashPackage[]): Step[] =>
    wanted.map(({ zip }) => ({ do: 'install', zip, target: 'Deployed' }));
  const toTwo: Step = { do: 'switch', release: two.release, pids: PAIR };
  const sketches: readonly Sketch[] = [
    {
      name: 'install',
      scene: [...deployed(one), bound],
      act: { do: 'install', zip: fresh.zip, target: 'Running' },
      fresh: [fresh],
      weight: 2,
    },
    {
      name: 'install_heavy',
      audited: 'install',
      scene: [],
      warm: ['B01'],
      act: { do: 'install', zip: heavy.zip, target: 'Deployed' },
      fresh: [heavy],
      calls: ['spawn'],
      weight: 0.2,
    },
    {
      name: 'activate',
      scene: deployed(one),
      warm: ['B01'],
      act: { do: 'activate', release: one.release, pids: PAIR },
      routes: { A01: one.release, A02: one.release },
    },
    {
      name: 'deactivate',
      scene: [...deployed(one), bound],
      act: { do: 'deactivate', pids: PAIR },
      routes: { A01: null, A02: null },
    },
    {
      name: 'switch',
      scene: [...deployed(one, two), bound],
      act: toTwo,
      routes: { A01: two.release, A02: two.release },
      weight: 2,
    },
    {
      name: 'rollback',
      scene: [...deployed(one, two), bound, toTwo],
      act: { do: 'rollback', pid: 'A01' },
      routes: { A01: one.release },
      weight: 2,
    },
    {
      name: 'confirm',
      scene: [...deployed(one, two), bound, toTwo],
      act: { do: 'confirm', pids: PAIR },
      weight: 0.5,
    },
    {
      name: 'uninstall',
      scene: [...deployed(one, two), bound],
      act: { do: 'uninstall', release: two.release, force: false },
      gone: [two.release],
    },
    {
      name: 'uninstall_forced',
      audited: 'uninstall',
      scene: [...deployed(one), bound],
      act: { do: 'uninstall', release: one.release, force: true },
      routes: { A01: null, A02: null, A03: null },
      gone: [one.release],
      parts: true,
    },
    {
      name: 'prune',
      scene: [...deployed(one, two, three, four), bound],
      act: { do: 'prune', keep: 1 },
      gone: [two.release, three.release],
      parts: true,
    },
    { name: 'close', scene: [...deployed(one), bound], act: { do: 'close' } },
  ];
  return sketches.map((sketch) => ({
    audited: sketch.name,
    warm: ['A01', 'B01'],
    routes: {},
    fresh: [],
    gone: [],
    parts: false,
    calls: [],
    weight: 1,
    ...sketch,
  }));
}
