import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../../src/index.js';
import type { Runner } from '../../../src/index.js';
import { processesOf } from '../support/census.js';
import { scratchFolder } from '../support/folders.js';
import { rogueZip } from '../support/packages.js';
import { IMAGE, openRunner } from '../support/runners.js';
import { runHost } from './support/child-host.js';
import type { HostEnd } from './support/child-host.js';
import { PYTHON } from '../../support/python.js';

describe('a host killed with SIGKILL while a call with an image is under way', () => {
  const store = join(scratchFolder(), 'store');
  const layout = storeLayout(store);
  let imageFolder: string;
  let ended: HostEnd;

  beforeAll(async () => {
    const runner = await openRunner({ store });
    await runner.install(rogueZip({ name: 'rogue' }));
    await runner.activate('rogue@1.0.0', ['A01']);
    imageFolder = runner.images.folder;
    await runner.close();
    ended = await runHost([store, PYTHON, 'call'], (said, kill) => void (said.includes('executing') && kill()));
  });

  test('takes its algorithms along', async () => {
    expect(ended).toMatchObject({ signal: 'SIGKILL', complaints: '' });
    await expect.poll(() => processesOf(layout)).toEqual([]);
  });

  describe('then the next Runner on its store', () => {
    let left: readonly string[];
    let runner: Runner;

    beforeAll(async () => {
      left = readdirSync(imageFolder);
      runner = await openRunner({ store });
    });

    test('is not kept out by the lock of the dead one', () => {
      expect(runner.list().releases.map(({ release }) => release)).toEqual(['rogue@1.0.0']);
    });

    test('removes the segments the dead one left, and says how many', () => {
      expect(left.length).toBeGreaterThan(0);
      expect(runner.images).toMatchObject({ folder: imageFolder, leased: 0, reclaimed: { segments: left.length } });
      expect(runner.images.reclaimed.bytes).toBeGreaterThanOrEqual(64 * 48 * 3);
    });

    test('serves the PID again without anybody starting anything, from the first call', async () => {
      expect(runner.routeOf('A01')).toBe('rogue@1.0.0');
      expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ status: 'OK', verdict: 'OK' });
      expect(runner.list().releases[0]).toMatchObject({ state: 'Running', wanted: 'running', reason: null });
      expect(processesOf(layout)).not.toEqual([]);
    });

    test('leaves no segment behind when it closes', async () => {
      await runner.close();
      expect(existsSync(imageFolder)).toBe(false);
      await expect.poll(() => processesOf(layout)).toEqual([]);
    });
  });
});
