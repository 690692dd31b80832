import { afterAll, describe, expect, it } from 'vitest';
import {
  beginDeployment,
  completeDeployment,
  openRegistry,
  recoverStore,
  verifyAudit,
  writeRoute,
} from '../../src/store/index.js';
import type { FileSystem, ProblemKind, Registry } from '../../src/store/index.js';
import { CHANGES, layout, put } from './support/changes.js';
import type { Change } from './support/changes.js';
import { ERRNOS, faultyFileSystem } from './support/faulty-file-system.js';
import type { Call, FaultPlan } from './support/faulty-file-system.js';
import { copyOf, newDisk } from './support/power-loss-disk.js';
import type { Disk } from './support/power-loss-disk.js';
import { contentOf, liveOn } from './support/power-loss-file-system.js';
import { refusalOrNone } from './support/refusal.js';
import { NOON, entryOf, recordOf, routeOf } from './support/stores.js';

type Plan = (at: number) => readonly (FaultPlan['fail'] & object)[];

/** What may fail at a call; the errno decides nothing once the device is gone, so one of them will do. */
const FAULTS: readonly (readonly [string, Plan])[] = [
  ['that call failing', (at) => ERRNOS.map((errno) => (_, number) => (number === at ? errno : undefined))],
  ['all calls from it on failing', (at) => [(_, number) => (number >= at ? ERRNOS[at % ERRNOS.length] : undefined)]],
];

let points = 0;

describe.each(Object.entries(CHANGES))('%s, at each of its calls,', (_, change) => {
  it.each(FAULTS)('%s, succeeds only if it happened, fails only if not, and can be done again', async (_kind, plan) => {
    const template = await storeBefore(change);
    const calls = await callsOf(template, (fs) => change.perform(fs, () => undefined));
    let refused = 0;
    let tried = 0;
    for (let at = 1; at <= calls.length; at += 1) {
      for (const fail of plan(at)) {
        tried += 1;
        await withStory(`call ${at} of ${calls.length}: ${JSON.stringify(calls[at - 1])}`, async () => {
          if (await failsSoundly(copyOf(template), change, fail)) refused += 1;
        });
      }
    }
    points += tried;
    expect(refused).toBeGreaterThan(tried / 3);
  });
});

/** @returns whether the change was refused */
async function failsSoundly(disk: Disk, change: Change, fail: FaultPlan['fail'] & object): Promise<boolean> {
  const well = liveOn(disk);
  let registry: Registry | undefined;
  const faulty = faultyFileSystem({ fail, maxWriteBytes: 50 }, well);
  const refusal = await refusalOrNone(change.perform(faulty, (opened) => (registry = opened)));
  expect(refusal?.faultName ?? 'store_io_failed').toBe('store_io_failed');
  const done = refusal === undefined || refusal.details['visible'] === true;
  if (registry !== undefined) expect(registry.entries()).toEqual((await openRegistry(layout, well)).entries());
  if (refusal !== undefined && done && change.decided) await recoverStore(layout, {}, well);
  expect(await change.happened(well)).toBe(done);
  await expectSound(disk);
  if (refusal === undefined) return false;
  if (!done) {
    await change.before?.(well).catch(() => undefined); // what recovery took away for being unfinished
    await change.perform(well, () => undefined);
    expect(await change.happened(well)).toBe(true);
  }
  return true;
}

describe('recovery, at each of its calls,', () => {
  it.each(FAULTS)('%s, ends with the facts or a refusal, and the next one finds them all', async (_kind, plan) => {
    const template = await storeToRecover();
    const calls = await callsOf(template, (fs) => recoverStore(layout, {}, fs));
    for (let at = 1; at <= calls.length; at += 1) {
      for (const fail of plan(at)) {
        points += 1;
        await withStory(`call ${at} of ${calls.length}: ${JSON.stringify(calls[at - 1])}`, async () => {
          const disk = copyOf(template);
          const faulty = faultyFileSystem({ fail, maxWriteBytes: 50 }, liveOn(disk));
          const refusal = await refusalOrNone(
            recoverStore(layout, {}, faulty).then(({ routes, degraded }) => {
              for (const [pid, route] of AS_DECIDED) {
                if (!degraded.has(pid)) expect(routes.get(pid)).toEqual(route);
              }
            }),
          );
          expect(refusal?.faultName ?? 'store_io_failed').toBe('store_io_failed');
          const { routes, registry, releases } = await recoverStore(layout, {}, liveOn(disk));
          expect(routes).toEqual(AS_DECIDED);
          expect(registry.entries()).toEqual([entryOf('new')]);
          expect(releases).toMatchObject([{ deployment: { name: 'new' } }]);
          await expectSound(disk);
        });
      }
    }
  });
});

afterAll(() => {
  expect(points).toBeGreaterThan(1000);
});

const AS_DECIDED = new Map(['A01', 'A02'].map((pid) => [pid, routeOf('new')]));

/** Two PIDs decided, one of them written; a deployment half made; a file half written. */
async function storeToRecover(): Promise<Disk> {
  const disk = newDisk();
  const fs = liveOn(disk);
  const { registry, audit } = await recoverStore(layout, {}, fs);
  await registry.put(entryOf('new'));
  await put(layout.zip(entryOf('new').zip), 'PK', fs);
  await beginDeployment(layout, 'new', '1.0.0', {}, fs);
  await completeDeployment(layout, recordOf('new'), fs);
  await beginDeployment(layout, 'half', '1.0.0', {}, fs);
  await put(`${layout.active}/.A01.json.0123456789abcdef.tmp`, 'half', fs);
  await writeRoute(layout, 'A01', routeOf('new'), fs);
  await writeRoute(layout, 'A02', routeOf('old'), fs);
  await audit.append({ who: 'test', what: 'told', subject: 'A01', outcome: 'done' });
  const redo = { routes: [...AS_DECIDED].map(([pid, route]) => ({ pid, route })) };
  const record = { id: 7, order: 8, at: NOON, who: 'test', what: 'switch', subject: 'A01, A02', redo };
  await put(`${layout.operations}/7.committed.json`, JSON.stringify(record), fs);
  return disk;
}

async function storeBefore(change: Change): Promise<Disk> {
  const disk = newDisk();
  const fs = liveOn(disk);
  await recoverStore(layout, {}, fs);
  await put('/source.zip', 'content', fs);
  await change.before?.(fs);
  return disk;
}

async function callsOf(template: Disk, work: (fs: FileSystem) => Promise<unknown>): Promise<readonly Call[]> {
  const fs = faultyFileSystem({ maxWriteBytes: 50 }, liveOn(copyOf(template)));
  await work(fs);
  expect(fs.calls.length).toBeGreaterThan(3);
  return fs.calls;
}

const CORRUPT: readonly ProblemKind[] = [
  'registry_unreadable',
  'registry_entry_unreadable',
  'operation_unreadable',
  'operation_unfinished',
  'deployment_unrecognised',
  'audit_unavailable',
];

/** The store can be opened, is whole, and keeps nothing of what failed. */
async function expectSound(disk: Disk): Promise<void> {
  const fs = liveOn(disk);
  const { problems } = await recoverStore(layout, {}, fs);
  expect(problems.filter(({ what }) => CORRUPT.includes(what))).toEqual([]);
  expect(Object.keys(contentOf(disk)).filter((path) => /\.tmp$|\/(operations|\.staging)\/./.test(path))).toEqual([]);
  expect(await verifyAudit(layout.audit, fs)).toMatchObject({ ok: true, incomplete: false });
}

async function withStory(story: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw new Error(story, { cause });
  }
}
