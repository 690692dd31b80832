import { beforeAll, describe, expect, test } from 'vitest';
import type { CallResult, Runner } from '../../src/index.js';
import { zipBytes } from '../package/support/zip-bytes.js';
import { refusalOf } from '../store/support/refusal.js';
import { SDK_WHEEL, rogueZip } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

const step = (index: number, name: string) => ({ index, name, params: [{ key: 'gain', type: 'float', default: 2 }] });

let runner: Runner;
beforeAll(async () => {
  runner = await openRunner();
});

const toldOf = (result: CallResult | null | undefined): unknown => {
  if (result?.status !== 'OK') throw new Error(JSON.stringify(result));
  return result.data['told'];
};

describe.each([
  ['sdk_0_0_5', 'A05', false],
  ['sdk_0_0_7', 'A07', true],
] as const)('an adapter of the original SDK, %s', (program, pid, compared) => {
  const name = program.replaceAll('_', '-');
  const zip = (version: string, steps: readonly object[]): string =>
    rogueZip({ name, version, manifest: { supported_pids: [pid], steps } }, program);

  test('is installed, activated and asked for a verdict', async () => {
    await runner.install(zip('1.0.0', [step(1, 'locate'), step(2, 'judge')]));
    await runner.activate(`${name}@1.0.0`, [pid]);
    const detection = await runner.detect({ pid, image: IMAGE, params: { 2: { gain: 4 } } });
    expect(detection).toMatchObject({ status: 'OK', verdict: 'OK' });
    expect(detection.steps.map(({ pre, execute }) => [pre.status, toldOf(execute)])).toEqual([
      ['OK', { step: 1, pid, params: { gain: 2 } }],
      ['OK', { step: 2, pid, params: { gain: 4 } }],
    ]);
    const view = runner.list().releases.find(({ release }) => release === `${name}@1.0.0`);
    expect(view).toMatchObject({ state: 'Running', infoCompared: compared });
  });

  test('is switched without a lost call, to one whose steps count from 0 and are called from 1', async () => {
    await runner.install(zip('1.1.0', [step(0, 'locate'), step(1, 'judge')]));
    const begun = runner.openFlow({ pid });
    await runner.switch([pid], `${name}@1.1.0`);
    expect((await begun.step(1, { image: IMAGE })).execute).toMatchObject({ release: `${name}@1.0.0`, verdict: 'OK' });
    begun.close();
    const detection = await runner.detect({ pid, image: IMAGE });
    expect(detection).toMatchObject({ status: 'OK', release: `${name}@1.1.0` });
    expect(detection.steps.map(({ stepIndex, name: of, execute }) => [stepIndex, of, toldOf(execute)])).toEqual([
      [1, 'locate', { step: 1, pid, params: { gain: 2 } }],
      [2, 'judge', { step: 2, pid, params: { gain: 2 } }],
    ]);
  });

  test('has its flows cancelled, and serves the next', async () => {
    const flow = runner.openFlow({ pid });
    await flow.pre(1, { image: IMAGE });
    await flow.cancel();
    expect(await refusalOf(flow.execute(1))).toMatchObject({ faultName: 'flow_ended' });
    expect(await runner.detect({ pid, image: IMAGE })).toMatchObject({ status: 'OK', verdict: 'OK' });
  });
});

describe('a package of the execute-only SDK is refused by that name', () => {
  test.each([
    ['its version', { sdk_version: '0.3.1', capabilities: ['execute', 'info'] }],
    ['what it announces', {}],
  ])('known by %s', async (_how, behaviour) => {
    const zip = rogueZip({ name: 'executes', manifest: { behaviour } }, 'sdk_0_3');
    const refused = await refusalOf(runner.install(zip));
    expect(refused).toMatchObject({ code: '3035', faultName: 'sdk_unsupported' });
    await runner.uninstall('executes@1.0.0');
  });

  test('known by the wheel it brings, before anything is deployed', async () => {
    const file = 'procvision_algorithm_sdk-0.3.2-py3-none-any.whl';
    const info = 'procvision_algorithm_sdk-0.3.2.dist-info';
    const wheel = zipBytes([
      { name: 'procvision_algorithm_sdk/__init__.py', data: '' },
      { name: `${info}/METADATA`, data: 'Metadata-Version: 2.1\nName: procvision_algorithm_sdk\nVersion: 0.3.2\n' },
      { name: `${info}/WHEEL`, data: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n' },
      { name: `${info}/RECORD`, data: `${info}/RECORD,,\n` },
    ]);
    const refused = await refusalOf(runner.install(rogueZip({ name: 'brings', wheels: { [file]: wheel } })));
    expect(refused).toMatchObject({ code: '3035', message: expect.stringContaining(file) as string });
    expect(SDK_WHEEL.file).not.toBe(file);
  });
});
