import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../../src/index.js';
import type { Runner } from '../../../src/index.js';
import { processesOf } from '../support/census.js';
import { scratchFolder } from '../support/folders.js';
import { eyesZip, fileOf, rogueZip } from '../support/packages.js';
import { IMAGE, openRunner } from '../support/runners.js';
import { refusalOf } from '../../store/support/refusal.js';
import { eventually } from '../../support/eventually.js';

const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
const resting = (runner: Runner) =>
  Object.fromEntries(runner.list().releases.map(({ release, state, wanted }) => [release, `${state}, ${wanted}`]));

let broken: string;
beforeAll(async () => {
  const runner = await openRunner({ store });
  await runner.install(rogueZip({ name: 'serving' }));
  await runner.activate('serving@1.0.0', ['A01']);
  await runner.install(rogueZip({ name: 'stopped' }));
  await runner.stop('stopped@1.0.0');
  await runner.install(rogueZip({ name: 'deployed' }), { target: 'Deployed' });
  await refusalOf(runner.install(eyesZip({ name: 'bad', wheels: {} })));
  await refusalOf(runner.install(fileOf('no zip at all', 'broken.zip')));
  broken = runner.list().releases.find(({ name }) => name === 'broken')?.release ?? '';
  await runner.close();
  await eventually(() => expect(processesOf(layout)).toEqual([]));
});

describe('a store that is opened again', () => {
  test('starts what was running when it closed, and nothing else', async () => {
    const runner = await openRunner({ store });
    await expect
      .poll(() => resting(runner))
      .toEqual({
        'serving@1.0.0': 'Running, running',
        'stopped@1.0.0': 'Stopped, stopped',
        'deployed@1.0.0': 'Deployed, stopped',
        'bad@1.0.0': 'Invalid, stopped',
        [broken]: 'Invalid, stopped',
      });
    expect(runner.problems).toEqual([]);
    await runner.close();
  });

  test('serves its PIDs from the first moment: a call waits while the release starts', async () => {
    const runner = await openRunner({ store });
    expect(resting(runner)['serving@1.0.0']).not.toBe('Running, running');
    expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ status: 'OK', verdict: 'OK' });
    await runner.close();
  });

  test('still knows why a package is Invalid', async () => {
    const runner = await openRunner({ store });
    const reasons = new Map(runner.list().releases.map(({ release, reason }) => [release, reason?.code]));
    expect(reasons.get('bad@1.0.0')).toBe('2004');
    expect(reasons.get(broken)).toBe('2001');
    await runner.close();
  });

  test('starts nothing by itself when it is told not to, and answers calls with that at once', async () => {
    const runner = await openRunner({ store, resume: false });
    expect(await refusalOf(runner.detect({ pid: 'A01', image: IMAGE }))).toMatchObject({ code: '3012' });
    expect(processesOf(layout)).toEqual([]);
    expect(runner.images.leased).toBe(0);
    await runner.start('serving@1.0.0');
    expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ status: 'OK', verdict: 'OK' });
    await runner.close();
  });
});

describe('a Runner that closes', () => {
  test('cancels a call that outlasts its drain, frees its image, and leaves no process and no segment', async () => {
    const runner = await openRunner({ store, timings: { drainMs: 50, shutdownMs: 50, terminateMs: 50 } });
    await runner.detect({ pid: 'A01', image: IMAGE });
    const flow = runner.openFlow({ pid: 'A01' });
    const call = flow.execute(1, { image: IMAGE, params: { do: 'busy loop' } });
    await expect.poll(() => resting(runner)['serving@1.0.0']).toBe('Executing, running');
    const { folder } = runner.images;
    await runner.close();
    const fault = { code: '3008', hint: expect.stringMatching(/\w/) as string };
    expect(await call).toMatchObject({ status: 'ERROR', outcome: 'cancelled', fault });
    await expect.poll(() => processesOf(layout)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  test('may be closed twice, and refuses everything from then on as 3021', async () => {
    const runner = await openRunner({ store });
    await Promise.all([runner.close(), runner.close()]);
    await runner.close();
    expect(() => runner.openFlow({ pid: 'A01' })).toThrow(expect.objectContaining({ code: '3021' }));
    for (const work of [
      runner.detect({ pid: 'A01', image: IMAGE }),
      runner.start('stopped@1.0.0'),
      runner.activate('serving@1.0.0', ['A01']),
      runner.install(rogueZip({ name: 'late' })),
      runner.uninstall('stopped@1.0.0'),
    ])
      expect(await refusalOf(work)).toMatchObject({ code: '3021' });
    expect(existsSync(layout.deployment('late', '1.0.0'))).toBe(false);
  });
});
