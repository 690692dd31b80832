import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  beginDeployment,
  completeDeployment,
  discardDeployment,
  importZip,
  openAudit,
  openRegistry,
  readRoutes,
  recoverStore,
  removeRoute,
  removeZip,
  scanZips,
  storeLayout,
  sweepDeployments,
  writeRoute,
} from '../../src/store/index.js';
import type { FileSystem, StoreLayout } from '../../src/store/index.js';
import { ERRNOS, faultyFileSystem } from './support/faulty-file-system.js';
import type { Call } from './support/faulty-file-system.js';
import { refusalOrNone } from './support/refusal.js';
import { entryOf, recordOf, routeOf, scratchFolder } from './support/stores.js';

/** A change of the store, and how somebody who opens it afterwards sees whether it happened. */
interface Change {
  readonly prepare?: (layout: StoreLayout) => Promise<unknown>;
  readonly perform: (layout: StoreLayout, fs: FileSystem) => Promise<unknown>;
  readonly happened: (layout: StoreLayout) => Promise<boolean>;
}

const event = { who: 'test', what: 'test', subject: 'new', outcome: 'ok' };
const begin = (layout: StoreLayout): Promise<unknown> => beginDeployment(layout, 'new', '1.0.0');
const deployed = async (layout: StoreLayout): Promise<boolean> =>
  (await sweepDeployments(layout)).deployments.some(({ name }) => name === 'new');

const CHANGES: Readonly<Record<string, Change>> = {
  'registry put': {
    perform: async (layout, fs) => (await openRegistry(layout, fs)).put(entryOf('new')),
    happened: async (layout) => (await openRegistry(layout)).get('new', '1.0.0') !== undefined,
  },
  'registry remove': {
    prepare: async (layout) => (await openRegistry(layout)).put(entryOf('new')),
    perform: async (layout, fs) => (await openRegistry(layout, fs)).remove('new', '1.0.0'),
    happened: async (layout) => (await openRegistry(layout)).get('new', '1.0.0') === undefined,
  },
  'route write': {
    prepare: (layout) => writeRoute(layout, 'A01', routeOf('old')),
    perform: (layout, fs) => writeRoute(layout, 'A01', routeOf('new'), fs),
    happened: async (layout) => (await readRoutes(layout)).routes.get('A01')?.name === 'new',
  },
  'route write over a damaged one': {
    prepare: (layout) => writeFile(layout.route('A01'), 'damaged'),
    perform: (layout, fs) => writeRoute(layout, 'A01', routeOf('new'), fs),
    happened: async (layout) => (await readRoutes(layout)).routes.has('A01'),
  },
  'route removal': {
    prepare: (layout) => writeRoute(layout, 'A01', routeOf('old')),
    perform: (layout, fs) => removeRoute(layout, 'A01', fs),
    happened: async (layout) => !(await readRoutes(layout)).routes.has('A01'),
  },
  'zip import': {
    perform: (layout, fs) => importZip(layout, join(layout.root, '../source.zip'), {}, fs),
    happened: async (layout) => (await scanZips(layout, { settleMs: 0 })).zips.length > 0,
  },
  'begin of a deployment': {
    perform: (layout, fs) => beginDeployment(layout, 'new', '1.0.0', {}, fs),
    happened: async (layout) =>
      (await sweepDeployments(layout)).problems.some(({ what }) => what === 'deployment_incomplete'),
  },
  'end of a deployment': {
    prepare: begin,
    perform: (layout, fs) => completeDeployment(layout, recordOf('new'), fs),
    happened: deployed,
  },
  'discarding a deployment': {
    prepare: async (layout) => {
      await begin(layout);
      await completeDeployment(layout, recordOf('new'));
    },
    perform: (layout, fs) => discardDeployment(layout, 'new', '1.0.0', fs),
    happened: async (layout) => !(await deployed(layout)),
  },
};

describe.each(Object.entries(CHANGES))('%s, with each of its calls failing in turn', (_, change) => {
  it('succeeds only if it happened, fails only if it did not, and can be done again', async () => {
    const parent = await scratchFolder();
    await writeFile(join(parent, 'source.zip'), 'content');
    const layouts = (id: string): StoreLayout => storeLayout(join(parent, id));
    await ready(layouts('template'), change);
    const calls = (await callsOf(await copyOf(layouts('template')), change)).length;
    expect(calls).toBeGreaterThan(3);
    let refused = 0;
    for (let number = 1; number <= calls; number += 1) {
      const errno = ERRNOS[number % ERRNOS.length];
      const layout = await copyOf(layouts('template'));
      const fs = faultyFileSystem({ fail: (_call, at) => (at === number ? errno : undefined), maxWriteBytes: 50 });
      const failure = await refusalOrNone(change.perform(layout, fs));
      const story = `call ${number} of ${calls}, ${errno}: ${JSON.stringify(fs.calls[number - 1])}`;
      expect(await change.happened(layout), story).toBe(failure === undefined);
      if (failure === undefined) continue;
      refused += 1;
      expect(failure.faultName, story).toBe('store_io_failed');
      await recoverStore(layout);
      await ready(layout, change);
      await change.perform(layout, faultyFileSystem({}));
      expect(await change.happened(layout), story).toBe(true);
    }
    expect(refused).toBeGreaterThan(calls / 3);
  });
});

describe('recovery, with each of its calls failing in turn', () => {
  it('ends with the facts or a refusal, loses nothing, and succeeds the next time', async () => {
    const parent = await scratchFolder();
    const template = storeLayout(join(parent, 'template'));
    await ready(template, RECOVERY);
    const calls = await callsOf(await copyOf(template), RECOVERY);
    for (const [index, { operation }] of calls.entries()) {
      if (operation === 'file.close') continue; // of files only read: nothing hangs on it
      const number = index + 1;
      const layout = await copyOf(template);
      const fs = faultyFileSystem({ fail: (_call, at) => (at === number ? 'EIO' : undefined) });
      const story = `call ${number} of ${calls.length}: ${JSON.stringify(calls[index])}`;
      const failure = await refusalOrNone(recoverStore(layout, {}, fs));
      if (failure !== undefined) expect(failure.faultName, story).toBe('store_io_failed');
      const { registry, routes, problems } = await recoverStore(layout);
      expect(registry.entries(), story).toEqual([entryOf('old')]);
      expect(routes.get('A01'), story).toEqual(routeOf('old'));
      expect(
        problems.filter(({ done }) => done === null).map(({ what }) => what),
        story,
      ).toEqual(['zip_missing']);
      expect(
        (await sweepDeployments(layout)).deployments.map(({ name }) => name),
        story,
      ).toEqual(['old']);
    }
  });
});

const RECOVERY: Change = {
  prepare: async (layout) => {
    await (await openRegistry(layout)).put(entryOf('old'));
    await begin(layout);
    await beginDeployment(layout, 'old', '1.0.0');
    await completeDeployment(layout, recordOf('old'));
    await writeRoute(layout, 'A01', routeOf('old'));
    await writeFile(join(layout.active, '.A01.json.0123456789abcdef.tmp'), 'half');
    await (await openAudit(layout)).append(event);
  },
  perform: (layout, fs) => recoverStore(layout, {}, fs),
  happened: () => Promise.resolve(true),
};

/** The store as it is before the change, also after an earlier attempt. */
async function ready(layout: StoreLayout, change: Change): Promise<void> {
  await recoverStore(layout);
  await removeZip(layout, 'source.zip');
  await discardDeployment(layout, 'new', '1.0.0');
  await change.prepare?.(layout);
}

async function callsOf(layout: StoreLayout, change: Change): Promise<readonly Call[]> {
  const fs = faultyFileSystem({ maxWriteBytes: 50 });
  await change.perform(layout, fs);
  return fs.calls;
}

let copies = 0;

async function copyOf(layout: StoreLayout): Promise<StoreLayout> {
  const copy = storeLayout(join(layout.root, '..', `copy-${(copies += 1)}`));
  await cp(layout.root, copy.root, { recursive: true });
  return copy;
}
