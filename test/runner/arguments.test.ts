import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Flow, Runner } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { stationZip } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

/** What a host in JavaScript may pass, whatever the declarations say. */
const FOREIGN: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['not a number', Number.NaN],
  ['an empty text', ''],
  ['a list', []],
  ['a symbol', Symbol('x')],
  ['a function', () => 1],
];

let runner: Runner;

beforeAll(async () => {
  runner = await openRunner();
  await runner.install(stationZip());
  await runner.install(stationZip({ version: '1.1.0' }));
  await runner.activate('station@1.0.0', ['A01']);
});

function openFlow(): Flow {
  const flow = runner.openFlow({ pid: 'A01' });
  onTestFinished(() => flow.close());
  return flow;
}

/** A method called as only JavaScript can. */
const call = (method: string, ...given: unknown[]): Promise<unknown> =>
  Promise.resolve().then(() =>
    (runner as unknown as Record<string, (...given: unknown[]) => unknown>)[method]?.(...given),
  );

describe.each(FOREIGN)('%s in the place of an argument is refused as wrong usage', (_what, foreign) => {
  test.each([
    ...['install', 'activate', 'deactivate', 'switch', 'rollback', 'confirm', 'history', 'start', 'stop', 'uninstall'],
    ...['routeOf', 'openFlow', 'detect', 'form', 'reserveImage'],
  ])('by %s', async (method) => {
    expect(await refusalOf(call(method, foreign, foreign))).toMatchObject({ faultName: 'invalid_usage' });
  });

  test.each([
    'image',
    'params',
    'timeoutMs',
    'deadlineMs',
    'retries',
    'signal',
    'timestampMs',
    'passThrough',
    'misspelt',
  ])('as %s of a call, and the process is not asked', async (option) => {
    const refusal = await refusalOf(openFlow().execute(1, { [option]: foreign }));
    expect(['invalid_usage', 'image_load_failed']).toContain(refusal.faultName);
  });
});

test('a deadline that no timer can keep is refused by name', async () => {
  const flow = openFlow();
  for (const timeoutMs of [Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 2 ** 31]) {
    const refusal = await refusalOf(flow.execute(1, { timeoutMs }));
    expect(refusal).toMatchObject({ faultName: 'invalid_usage' });
    expect(refusal.message).toContain('options.timeoutMs');
  }
});

describe('a listener that throws', () => {
  const warnings: string[] = [];
  const collect = ({ message }: Error): void => void warnings.push(message);
  const failing = (): never => {
    throw new Error('the listener is broken');
  };

  beforeAll(() => {
    process.on('warning', collect);
    return () => process.off('warning', collect);
  });

  test('disturbs no installation', async () => {
    await runner.install(stationZip({ name: 'other' }), { onProgress: failing });
    expect(runner.list().releases.find(({ release }) => release === 'other@1.0.0')).toMatchObject({ state: 'Running' });
  });

  test('disturbs no switch', async () => {
    const report = await runner.switch(['A01'], 'station@1.1.0', { onProgress: () => failing() });
    expect(report).toMatchObject({ outcome: 'committed', to: 'station@1.1.0' });
    expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ status: 'OK' });
  });

  test('disturbs no subscription but its own, and its end may throw as well', async () => {
    const heard = new Promise<number>((resolve) => runner.trace.subscribe(({ seq }) => resolve(seq)));
    const ended = new Promise<void>((resolve) =>
      runner.trace.subscribe(failing, {
        onEnd: () => {
          resolve();
          failing();
        },
      }),
    );
    await runner.detect({ pid: 'A01', image: IMAGE });
    await ended;
    expect(await heard).toBeGreaterThan(0);
  });

  test('is told of by a warning of the process, once', async () => {
    const before = warnings.length;
    const listener = (): never => failing();
    await runner.install(stationZip({ name: 'third' }), { onProgress: listener });
    await new Promise((resolve) => setImmediate(resolve)); // warnings come in a turn of their own
    expect(warnings.slice(before)).toEqual([expect.stringContaining('the listener is broken')]);
  });
});
