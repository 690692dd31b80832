import { constants } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { RunnerError } from '../../../src/base/errors/index.js';
import {
  beginDeployment,
  commitRoutes,
  completeDeployment,
  discardDeployment,
  uninstallRelease,
} from '../../../src/store/index.js';
import type { FileSystem, OpenStore } from '../../../src/store/index.js';
import { ask } from './history.js';
import type { Held, History } from './history.js';
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

/** Carries out one request, keeping book of what the store promised. @throws RunnerError when the store refuses */
export async function perform(store: OpenStore, fs: FileSystem, history: History, request: Request): Promise<void> {
  const { layout, registry, audit, journal } = store;
  const serial = String((history.count += 1));
  const at = new Date(Date.UTC(2026, 0, 1) + history.count * 1000).toISOString();
  const tell = (subject: string, operation?: number): Promise<unknown> =>
    audit
      .append({ who: 'test', what: 'told', subject, outcome: 'done', details: operation ? { operation } : {} })
      .then(({ hash }) => history.trail.push(hash));
  const register = (which: string, state: 'Validated' | 'Deployed'): Promise<void> =>
    ask(
      history,
      { touches: [which], after: (held) => ({ ...held, entries: { ...held.entries, [which]: `${state} ${at}` } }) },
      () => registry.put(entryOf(which, '1', { state, sha256: shaOf(which), updated_at: at })),
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
      return ask(history, { after, touches: [...bind, ...unbind], subject: serial }, () =>
        commitRoutes(store, operation, new Map(to), fs),
      );
    }
    case 'install': {
      const { name: which } = request;
      const id = await journal.begin({ who: 'test', what: 'install', subject: `${which}@1` });
      await register(which, 'Validated');
      await ask(
        history,
        {
          touches: [which],
          after: (held) => ({ ...held, forgotten: held.forgotten.filter((sha) => sha !== shaOf(which)) }),
        },
        () => registry.recall(shaOf(which)),
      );
      await discard(which);
      await beginDeployment(layout, which, '1', {}, fs);
      await writeUnsynced(join(layout.deployment(which, '1'), 'main.py'), serial, fs);
      await ask(
        history,
        { touches: [which], after: (held) => ({ ...held, deployed: { ...held.deployed, [which]: serial } }) },
        () => completeDeployment(layout, { ...recordOf(which, '1'), sha256: shaOf(which) }, fs),
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
      return ask(history, { after: forget, touches: [which], subject: serial }, () =>
        uninstallRelease(store, event, release, fs),
      );
    }
  }

  function discard(which: string): Promise<void> {
    return ask(
      history,
      { touches: [which], after: (held) => ({ ...held, deployed: without(held.deployed, which) }) },
      () => discardDeployment(layout, which, '1', fs),
    );
  }
}

export const shaOf = (which: string): string => Buffer.from(which).toString('hex').padEnd(64, '0');

export function without<T>(all: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([other]) => other !== key));
}

/** As pip writes: nothing is synced. @throws RunnerError when it cannot */
async function writeUnsynced(path: string, text: string, fs: FileSystem): Promise<void> {
  try {
    const file = await fs.open(path, constants.O_WRONLY | constants.O_CREAT, 0o644);
    await file.write(Buffer.from(text));
    await file.close();
  } catch (cause) {
    throw new RunnerError('store_io_failed', 'The installer failed.', { cause });
  }
}
