import { describe, expect, it } from 'vitest';
import {
  beginDeployment,
  commitRoutes,
  completeDeployment,
  discardDeployment,
  readOperations,
  recoverStore,
  uninstallRelease,
} from '../../src/store/index.js';
import type { FileSystem, OpenStore, RecoveredStore, Route } from '../../src/store/index.js';
import { layout } from './support/changes.js';
import { faultyFileSystem } from './support/faulty-file-system.js';
import type { Call } from './support/faulty-file-system.js';
import { newDisk } from './support/power-loss-disk.js';
import type { Disk } from './support/power-loss-disk.js';
import { liveOn } from './support/power-loss-file-system.js';
import type { Life } from './support/power-loss-file-system.js';
import { mulberry } from './support/random.js';
import { refusalOf, refusalOrNone } from './support/refusal.js';
import { SHA, entryOf, recordOf, routeOf } from './support/stores.js';

/** Moments that random histories hit once in thousands, each found that way once and met here every time. */

const SEEDS = 60;
const asked = { who: 'test', what: 'switch', subject: 'A01' };

const binding = (name: string, ...pids: string[]): Map<string, Route | null> =>
  new Map(pids.map((pid) => [pid, routeOf(name)]));

describe('power lost in the fsync of a later commit', () => {
  it('brings an earlier record back beside the later one; both are finished, and the later change stays', async () => {
    let met = 0;
    await eachLoss(async (lose, disk) => {
      await changeTwice(disk);
      lose();
      if ((await readOperations(layout, liveOn(disk))).operations.length === 2) met += 1;
      const { routes } = await recoverStore(layout, {}, liveOn(disk));
      lose();
      expect((await recoverStore(layout, {}, liveOn(disk))).routes).toEqual(routes);
    });
    expect(met).toBeGreaterThan(0);
  });

  it('after a kill there: what the next start makes of the later record is not lost with it', async () => {
    await eachLoss(async (lose, disk) => {
      await changeTwice(disk);
      const recovery = liveOn(disk);
      recovery.dieBefore('readdir /store/algorithms/.staging'); // what was decided is done
      await dies(recovery, recoverStore(layout, {}, recovery));
      lose();
      const { routes } = await recoverStore(layout, {}, liveOn(disk));
      expect(new Set([...routes.values()].map(({ name }) => name)).size).toBe(1);
    });
  });
});

describe('a deployment on its way out', () => {
  it('does not come back in part when the move was not synced and its files are deleted', async () => {
    await eachLoss(async (lose, disk) => {
      const fs = liveOn(disk);
      await recoverStore(layout, {}, fs);
      await deploy(fs);
      fs.dieBefore('fsync /store/algorithms/.staging');
      await dies(fs, discardDeployment(layout, 'screw', '1.0.0', fs));
      const recovery = liveOn(disk);
      recovery.dieBefore('readdir /store/algorithms/deployed');
      await dies(recovery, recoverStore(layout, {}, recovery));
      lose();
      expect(kinds(await recoverStore(layout, {}, liveOn(disk)))).not.toContain('deployment_unrecognised');
    });
  });

  it('does not come back in part when it could not be put in place', async () => {
    await eachLoss(async (lose, disk) => {
      await recoverStore(layout, {}, liveOn(disk));
      const { fs, turns } = failing(liveOn(disk));
      turns.push(/^open .*deployed\/screw$/, /^open .*\.staging$/);
      await refusalOf(beginDeployment(layout, 'screw', '1.0.0', {}, fs));
      expect(turns).toEqual([]);
      lose();
      expect(kinds(await recoverStore(layout, {}, liveOn(disk)))).not.toContain('deployment_unrecognised');
    });
  });
});

describe('a decision that failed and cannot be taken back', () => {
  it('is made durable before anything is done about it', async () => {
    await eachLoss(async (lose, disk) => {
      const life = liveOn(disk);
      const { fs, turns } = failing(life);
      const store = await opened(fs);
      turns.push(/^open .*operations$/, /^rename .*undone\.json$/);
      life.dieBefore('rename /store/active/A02.json');
      await dies(life, refusalOrNone(commitRoutes(store, asked, binding('new', 'A01', 'A02'), fs)));
      expect(turns).toEqual([]);
      lose();
      expect((await recoverStore(layout, {}, liveOn(disk))).routes).toEqual(binding('new', 'A01', 'A02'));
    });
  });

  it('of an uninstallation is not taken for done because the registry in memory says so', async () => {
    await eachLoss(async (lose, disk) => {
      const life = liveOn(disk);
      const { fs, turns } = failing(life);
      const store = await opened(fs);
      await store.registry.put(entryOf('screw'));
      await deploy(fs);
      turns.push(/^open \/store$/, /^create \/store\/\.registry/);
      await refusalOrNone(uninstallRelease(store, asked, { name: 'screw', version: '1.0.0', sha256: SHA }, fs));
      expect(turns).toEqual([]);
      lose();
      const after = await recoverStore(layout, {}, liveOn(disk));
      expect([after.releases, after.registry.isForgotten(SHA)]).toEqual([[], true]);
    });
  });
});

/** A store on which power can be lost in many ways. */
async function eachLoss(story: (lose: () => void, disk: Disk) => Promise<void>): Promise<void> {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const disk = newDisk();
    const random = mulberry(seed);
    await story(() => disk.losePower(random), disk).catch((cause: unknown) => {
      throw new Error(`power lost as of seed ${seed}`, { cause });
    });
  }
}

/** The store as the next start finds it. */
const opened = async (fs: FileSystem): Promise<OpenStore> => ({ ...(await recoverStore(layout, {}, fs)), layout });

/** The life ends amid this work: the moment of the test has come. */
async function dies({ death }: Life, work: Promise<unknown>): Promise<void> {
  expect(typeof (await Promise.race([death, work.then(() => null)])), 'it did not come to that call').toBe('string');
}

/** A file system on which calls like these fail: the first like the first turn, then the first like the next. */
function failing(real: FileSystem): { readonly fs: FileSystem; readonly turns: RegExp[] } {
  const turns: RegExp[] = [];
  const fail = ({ operation, path }: Call): 'EIO' | undefined => {
    if (turns[0]?.test(`${operation} ${path}`) !== true) return undefined;
    turns.shift();
    return 'EIO';
  };
  return { fs: faultyFileSystem({ fail }, real), turns };
}

/** Binds A01 to A03 to `first`, then decides to bind them to `second`; killed in the fsync of that decision. */
async function changeTwice(disk: Disk): Promise<void> {
  const life = liveOn(disk);
  const store = await opened(life);
  await commitRoutes(store, asked, binding('first', 'A01', 'A02', 'A03'), life);
  life.dieBefore('fsync /store/operations');
  await dies(life, commitRoutes(store, asked, binding('second', 'A01', 'A02', 'A03'), life));
}

async function deploy(fs: FileSystem): Promise<void> {
  await beginDeployment(layout, 'screw', '1.0.0', {}, fs);
  await completeDeployment(layout, recordOf('screw'), fs);
}

const kinds = ({ problems }: RecoveredStore): string[] => problems.map(({ what }) => what);
