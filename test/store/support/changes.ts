import { constants } from 'node:fs';
import {
  beginDeployment,
  commitRoutes,
  completeDeployment,
  discardDeployment,
  importZip,
  openRegistry,
  readRoutes,
  removeRoute,
  scanZips,
  storeLayout,
  sweepDeployments,
  uninstallRelease,
  writeRoute,
} from '../../../src/store/index.js';
import type { FileSystem, OpenStore, Registry, Route } from '../../../src/store/index.js';
import { openStore } from './open-stores.js';
import { SHA, entryOf, recordOf, routeOf } from './stores.js';

export const layout = storeLayout('/store');

/** A change of the store, and how somebody who opens it afterwards sees whether it happened. */
export interface Change {
  readonly before?: (fs: FileSystem) => Promise<unknown>;
  /** @param opened is told of the registry it works with */
  readonly perform: (fs: FileSystem, opened: (registry: Registry) => void) => Promise<unknown>;
  /** @throws when it happened by half */
  readonly happened: (fs: FileSystem) => Promise<boolean>;
  /** It goes through the journal: once decided it may be left to the next start. */
  readonly decided?: true;
}

const asked = { who: 'test', what: 'switch', subject: 'A01' };
const screw = { name: 'screw', version: '1.0.0', sha256: SHA };

const binding = (name: string | null, ...pids: string[]): Map<string, Route | null> =>
  new Map(pids.map((pid) => [pid, name === null ? null : routeOf(name)]));

/** All of them say the same, or the store is corrupt. */
async function routed(fs: FileSystem, expected: Readonly<Record<string, [string | undefined, string | undefined]>>) {
  const { routes } = await readRoutes(layout, fs);
  const answers = Object.entries(expected).map(([pid, [before, after]]) => {
    const name = routes.get(pid)?.name;
    if (name !== before && name !== after) throw new Error(`${pid} is bound to ${name}`);
    return name === after;
  });
  if (new Set(answers).size > 1) throw new Error(`half of the PIDs changed: ${JSON.stringify(answers)}`);
  return answers[0] === true;
}

const deployed = async (fs: FileSystem): Promise<boolean> =>
  (await sweepDeployments(layout, fs)).deployments.some(({ name }) => name === 'screw');

const deploy = async (fs: FileSystem): Promise<void> => {
  await beginDeployment(layout, 'screw', '1.0.0', {}, fs);
  await completeDeployment(layout, recordOf('screw'), fs);
};

type Opened = (registry: Registry) => void;

async function registryOn(fs: FileSystem, opened: Opened = () => undefined): Promise<Registry> {
  const registry = await openRegistry(layout, fs);
  opened(registry);
  return registry;
}

async function storeOn(fs: FileSystem, opened: Opened): Promise<OpenStore> {
  const store = await openStore(layout, fs);
  opened(store.registry);
  return store;
}

export const CHANGES: Readonly<Record<string, Change>> = {
  'a registration': {
    perform: async (fs, opened) => (await registryOn(fs, opened)).put(entryOf('new')),
    happened: async (fs) => (await openRegistry(layout, fs)).get('new', '1.0.0') !== undefined,
  },
  'a registration removed': {
    before: async (fs) => (await registryOn(fs)).put(entryOf('new')),
    perform: async (fs, opened) => (await registryOn(fs, opened)).remove('new', '1.0.0'),
    happened: async (fs) => (await openRegistry(layout, fs)).get('new', '1.0.0') === undefined,
  },
  'a route': {
    before: (fs) => writeRoute(layout, 'A01', routeOf('old'), fs),
    perform: (fs) => writeRoute(layout, 'A01', routeOf('new'), fs),
    happened: (fs) => routed(fs, { A01: ['old', 'new'] }),
  },
  'a route over a damaged one': {
    before: (fs) => put(layout.route('A01'), 'damaged', fs),
    perform: (fs) => writeRoute(layout, 'A01', routeOf('new'), fs),
    happened: (fs) => routed(fs, { A01: [undefined, 'new'] }),
  },
  'a route removed': {
    before: (fs) => writeRoute(layout, 'A01', routeOf('old'), fs),
    perform: (fs) => removeRoute(layout, 'A01', fs),
    happened: (fs) => routed(fs, { A01: ['old', undefined] }),
  },
  'several routes together': {
    before: async (fs) => {
      await writeRoute(layout, 'A01', routeOf('old'), fs);
      await writeRoute(layout, 'A03', routeOf('old'), fs);
    },
    decided: true,
    perform: async (fs, opened) => {
      const store = await storeOn(fs, opened);
      const id = await store.journal.begin(asked);
      await commitRoutes(store, id, new Map([...binding('new', 'A01', 'A02'), ...binding(null, 'A03')]), fs);
    },
    happened: (fs) => routed(fs, { A01: ['old', 'new'], A02: [undefined, 'new'], A03: ['old', undefined] }),
  },
  'several routes together, damaged ones among them': {
    before: async (fs) => {
      await put(layout.route('A01'), 'damaged', fs);
      await fs.makeFolder(layout.route('A02'));
    },
    decided: true,
    perform: async (fs, opened) => commitRoutes(await storeOn(fs, opened), asked, binding('new', 'A01', 'A02'), fs),
    happened: (fs) => routed(fs, { A01: [undefined, 'new'], A02: [undefined, 'new'] }),
  },
  'an uninstallation': {
    before: async (fs) => {
      await (await registryOn(fs)).put(entryOf('screw'));
      await deploy(fs);
    },
    decided: true,
    perform: async (fs, opened) => uninstallRelease(await storeOn(fs, opened), asked, screw, fs),
    happened: async (fs) => {
      const registry = await openRegistry(layout, fs);
      const gone = registry.get('screw', '1.0.0') === undefined;
      if (registry.isForgotten(SHA) !== gone || (await deployed(fs)) === gone) throw new Error('half uninstalled');
      return gone;
    },
  },
  'an import of a zip': {
    perform: (fs) => importZip(layout, '/source.zip', {}, fs),
    happened: async (fs) => (await scanZips(layout, { settleMs: 0 }, fs)).zips.length > 0,
  },
  'the begin of a deployment': {
    perform: (fs) => beginDeployment(layout, 'screw', '1.0.0', {}, fs),
    happened: async (fs) =>
      (await sweepDeployments(layout, fs)).problems.some(({ what }) => what === 'deployment_incomplete'),
  },
  'the end of a deployment': {
    before: (fs) => beginDeployment(layout, 'screw', '1.0.0', {}, fs),
    perform: (fs) => completeDeployment(layout, recordOf('screw'), fs),
    happened: deployed,
  },
  'a deployment discarded': {
    before: deploy,
    perform: (fs) => discardDeployment(layout, 'screw', '1.0.0', fs),
    happened: async (fs) => !(await deployed(fs)),
  },
};

/** Writes as somebody else does: not through a temporary file. */
export async function put(path: string, text: string, fs: FileSystem): Promise<void> {
  const file = await fs.open(path, constants.O_WRONLY | constants.O_CREAT, 0o644);
  await file.write(Buffer.from(text));
  await file.close();
}
