import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../../src/index.js';
import { processesOf } from '../support/census.js';
import { scratchFolder } from '../support/folders.js';
import { stationZip } from '../support/packages.js';
import { openRunner } from '../support/runners.js';
import { runHost } from './support/child-host.js';
import type { HostEnd } from './support/child-host.js';
import { PYTHON } from '../../support/python.js';

const layout = storeLayout(join(scratchFolder(), 'store'));
let imageFolder = '';

beforeAll(async () => {
  const runner = await openRunner({ store: layout.root });
  imageFolder = runner.images.folder;
  await runner.install(stationZip());
  await runner.activate('station@1.0.0', ['A01']);
  await runner.close();
});

interface Drained extends HostEnd {
  /** From the last signal to the end of the host. */
  readonly tookMs: number;
}

/** A host that is sent these signals one after the other, the first when it is ready, the next ones when it closes. */
async function signalled(signals: readonly NodeJS.Signals[], timings: object, ...orders: string[]): Promise<Drained> {
  const cues = ['ready', 'refused'];
  let sent = 0;
  let sinceMs = 0;
  const ended = await runHost([layout.root, PYTHON, 'drain', JSON.stringify({ timings }), ...orders], (said, kill) => {
    const signal = signals[sent];
    if (signal === undefined || !said.includes(cues[sent] ?? '')) return;
    sent += 1;
    sinceMs = performance.now();
    kill(signal);
  });
  return { ...ended, tookMs: performance.now() - sinceMs };
}

const lines = ({ said }: HostEnd): string[] => said.trimEnd().split('\n');
const nothingIsLeft = (): void => {
  expect(processesOf(layout)).toEqual([]);
  expect(existsSync(imageFolder)).toBe(false);
};

describe('a host that is asked to end', () => {
  test('accepts nothing more, finishes the calls it has accepted, stops everything, and exits with 0', async () => {
    const ended = await signalled(['SIGTERM'], {}, 'sleep 400', 'sleep 50');
    expect(ended).toMatchObject({ code: 0, signal: null, complaints: '' });
    expect(lines(ended)).toEqual(['ready', 'refused 3021', 'sleep 400: result', 'sleep 50: result', 'closed']);
    nothingIsLeft();
  });

  test('does so on Ctrl-C as well', async () => {
    const ended = await signalled(['SIGINT'], {}, 'sleep 200');
    expect(ended).toMatchObject({ code: 0, signal: null, complaints: '' });
    expect(lines(ended)).toEqual(['ready', 'sleep 200: result', 'closed']);
    nothingIsLeft();
  });

  test('waits no longer than its drain deadline: what still runs then is cancelled', async () => {
    const timings = { drainMs: 300, shutdownMs: 150, terminateMs: 150 };
    const ended = await signalled(['SIGTERM'], timings, 'sleep 60000', 'OK');
    expect(ended).toMatchObject({ code: 0, signal: null, complaints: '' });
    expect(lines(ended)).toContain('sleep 60000: cancelled');
    expect(lines(ended)).toContain('OK: cancelled');
    expect(lines(ended).at(-1)).toBe('closed');
    expect(ended.tookMs).toBeGreaterThan(295);
    expect(ended.tookMs).toBeLessThan(300 + 150 + 150 + 10_000);
    nothingIsLeft();
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'is hurried by a second signal (%s): it waits for nothing',
    async (second) => {
      const ended = await signalled(['SIGTERM', second], { drainMs: 60_000, shutdownMs: 60_000 }, 'sleep 60000');
      expect(ended).toMatchObject({ code: 0, signal: null, complaints: '' });
      expect(lines(ended)).toEqual(['ready', 'refused 3021', 'sleep 60000: cancelled', 'closed']);
      expect(ended.tookMs).toBeLessThan(10_000);
      nothingIsLeft();
    },
  );

  test('leaves a store whose next Runner serves again from the first call', async () => {
    const runner = await openRunner({ store: layout.root });
    expect(runner.problems).toEqual([]);
    const flow = runner.openFlow({ pid: 'A01' });
    expect(await flow.execute(1)).toMatchObject({ status: 'OK' });
  });
});
