import { constants } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  beginDeployment,
  commitRoutes,
  completeDeployment,
  discardDeployment,
  uninstallRelease,
} from '../../../src/store/index.js';
import type { FileSystem, OpenStore } from '../../../src/store/index.js';
import { entryOf, recordOf, routeOf } from './stores.js';

/** What a Runner asks of its store, as a property test draws it. */
export type Request =
  | { readonly ask: 'routes'; readonly bind: readonly string[]; readonly unbind: readonly string[] }
  | { readonly ask: 'register' | 'install' | 'uninstall' | 'discard'; readonly name: string }
  | { readonly ask: 'audit' };

const name = fc.constantFrom('screw', 'board');

const requests: fc.Arbitrary<Request> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        pids: fc.subarray(['A01', 'A02', 'A03'], { minLength: 1 }),
        unbinds: fc.subarray(['A01', 'A02', 'A03'], { maxLength: 1 }),
      })
      .map(({ pids, unbinds }): Request => ({
        ask: 'routes',
        bind: pids.filter((pid) => !unbinds.includes(pid)),
        unbind: unbinds,
      })),
  },
  { weight: 2, arbitrary: fc.record({ ask: fc.constantFrom('install', 'uninstall'), name }) },
  { weight: 1, arbitrary: fc.record({ ask: fc.constantFrom('register', 'discard'), name }) },
  { weight: 1, arbitrary: fc.constant({ ask: 'audit' } as const) },
);

/** Requests of which a Runner lets the second begin before the first has ended. */
export const steps: fc.Arbitrary<readonly Request[]> = fc
  .tuple(requests, fc.option(requests))
  .map(([first, beside]) => (beside === null || touch(first, beside) ? [first] : [first, beside]));

function touch(a: Request, b: Request): boolean {
  if (a.ask === 'routes' && b.ask === 'routes') {
    return [...a.bind, ...a.unbind].some((pid) => b.bind.includes(pid) || b.unbind.includes(pid));
  }
  return 'name' in a && 'name' in b && a.name === b.name;
}

/** What a store holds, in a form that can be compared. */
export interface Held {
  /** Version routed, by PID. */
  readonly routes: Readonly<Record<string, string>>;
  /** By name; state and `updated_at`. */
  readonly entries: Readonly<Record<string, string>>;
  readonly forgotten: readonly string[];
  /** By name; what its one file holds. */
  readonly deployed: Readonly<Record<string, string>>;
}

export const NOTHING_HELD: Held = { routes: {}, entries: {}, forgotten: [], deployed: {} };

/** One promise of the store: kept, what it held before becomes what it holds after. */
interface Promised {
  readonly after: (held: Held) => Held;
  /** Of a change of several files: what the audit trail calls it. */
  readonly subject?: string;
}

/** What was promised so far, and what is being promised. */
export interface History {
  held: Held;
  /** Asked for, and neither promised nor refused when the Runner died. */
  open: Set<Promised>;
  /** Hashes of the audit records that were promised, in their order. */
  readonly trail: string[];
  /** Subjects of the changes of several files that were asked for. */
  readonly asked: string[];
  /** Those that were promised. */
  readonly done: string[];
  count: number;
}

export const newHistory = (): History => ({
  held: NOTHING_HELD,
  open: new Set(),
  trail: [],
  asked: [],
  done: [],
  count: 0,
});

/** Carries out one request, keeping book of what the store promised. */
export async function perform(store: OpenStore, fs: FileSystem, history: History, request: Request): Promise<void> {
  const { layout, registry, audit, journal } = store;
  const serial = String((history.count += 1));
  const at = new Date(Date.UTC(2026, 0, 1) + history.count * 1000).toISOString();
  const promise = async (promised: Promised, work: () => Promise<unknown>): Promise<void> => {
    history.open.add(promised);
    if (promised.subject !== undefined) history.asked.push(promised.subject);
    await work();
    history.open.delete(promised);
    history.held = promised.after(history.held);
    if (promised.subject !== undefined) history.done.push(promised.subject);
  };
  const tell = (subject: string, operation?: number): Promise<unknown> =>
    audit
      .append({ who: 'test', what: 'told', subject, outcome: 'done', details: operation ? { operation } : {} })
      .then(({ hash }) => history.trail.push(hash));
  const register = (which: string, state: 'Validated' | 'Deployed'): Promise<void> =>
    promise({ after: (held) => ({ ...held, entries: { ...held.entries, [which]: `${state} ${at}` } }) }, () =>
      registry.put(entryOf(which, '1', { state, sha256: shaOf(which), updated_at: at })),
    );

  switch (request.ask) {
    case 'audit':
      return void (await tell(serial));
    case 'register':
      return register(request.name, 'Validated');
    case 'routes': {
      const { bind, unbind } = request;
      const to = [
        ...bind.map((pid) => [pid, routeOf('screw', serial)] as const),
        ...unbind.map((pid) => [pid, null] as const),
      ];
      const after = ({ routes, ...rest }: Held): Held => ({
        ...rest,
        routes: {
          ...Object.fromEntries(Object.entries(routes).filter(([pid]) => !unbind.includes(pid))),
          ...Object.fromEntries(bind.map((pid) => [pid, serial])),
        },
      });
      const event = { who: 'test', what: 'switch', subject: serial };
      const operation = history.count % 2 === 0 ? await journal.begin(event) : event;
      return promise({ after, subject: serial }, () => commitRoutes(store, operation, new Map(to), fs));
    }
    case 'install': {
      const { name: which } = request;
      const id = await journal.begin({ who: 'test', what: 'install', subject: `${which}@1` });
      await register(which, 'Validated');
      await promise(
        { after: (held) => ({ ...held, forgotten: held.forgotten.filter((sha) => sha !== shaOf(which)) }) },
        () => registry.recall(shaOf(which)),
      );
      await discard(which);
      await beginDeployment(layout, which, '1', {}, fs);
      await writeUnsynced(join(layout.deployment(which, '1'), 'main.py'), serial, fs);
      await promise({ after: (held) => ({ ...held, deployed: { ...held.deployed, [which]: serial } }) }, () =>
        completeDeployment(layout, { ...recordOf(which, '1'), sha256: shaOf(which) }, fs),
      );
      await register(which, 'Deployed');
      await tell(`${which}@1`, id);
      return journal.end(id);
    }
    case 'discard':
      return discard(request.name);
    case 'uninstall': {
      const { name: which } = request;
      const event = { who: 'test', what: 'uninstall', subject: serial };
      const forget = ({ entries, deployed, forgotten, ...rest }: Held): Held => ({
        ...rest,
        entries: without(entries, which),
        deployed: without(deployed, which),
        forgotten: [...new Set([...forgotten, shaOf(which)])].sort(),
      });
      const release = { name: which, version: '1', sha256: shaOf(which) };
      return promise({ after: forget, subject: serial }, () => uninstallRelease(store, event, release, fs));
    }
  }

  function discard(which: string): Promise<void> {
    return promise({ after: (held) => ({ ...held, deployed: without(held.deployed, which) }) }, () =>
      discardDeployment(layout, which, '1', fs),
    );
  }
}

export const shaOf = (which: string): string => Buffer.from(which).toString('hex').padEnd(64, '0');

export function without<T>(all: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([other]) => other !== key));
}

/** As pip writes: nothing is synced. */
async function writeUnsynced(path: string, text: string, fs: FileSystem): Promise<void> {
  const file = await fs.open(path, constants.O_WRONLY | constants.O_CREAT, 0o644);
  await file.write(Buffer.from(text));
  await file.close();
}

/** Every state the store may be in after the Runner died: each open promise is kept whole or not at all. */
export function possible({ held, open }: History): { readonly held: Held; readonly done: readonly string[] }[] {
  let states = [{ held, done: [] as string[] }];
  for (const { after, subject } of open) {
    states = states.flatMap((state) => [
      state,
      { held: after(state.held), done: subject === undefined ? state.done : [...state.done, subject] },
    ]);
  }
  return states;
}
