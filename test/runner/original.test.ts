import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Runner } from '../../src/index.js';
import { storeLayout } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { scratchFolder } from './support/folders.js';
import { eyesZip, rogueZip } from './support/packages.js';
import type { Recipe } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

/** A package of test/fixtures/packages/original.py, with what its author wrote into the manifest. */
const zip = (manifest: object): string =>
  eyesZip({
    name: 'original',
    version: '1.0',
    manifest: { entry_point: 'original:Original', ...manifest },
    files: {
      'eyes.py': null,
      'original.py': readFileSync(new URL('../fixtures/packages/original.py', import.meta.url)),
    },
  });

const STEPS = [
  { index: 0, name: 'locate', params: [{ key: 'gain', type: 'float', default: 2 }] },
  { index: 1, name: 'judge', params: [{ key: 'label', type: 'string', default: 'screw' }] },
];
const store = join(scratchFolder(), 'store');
let runner: Runner;
beforeAll(async () => {
  runner = await openRunner({ store });
});

const toldOf = async (params: Readonly<Record<number, object>> = {}) => {
  const detection = await runner.detect({ pid: 'A01', image: IMAGE, params: params as never });
  return detection.steps.map(({ stepIndex, name, execute }) => [
    stepIndex,
    name,
    execute?.status === 'OK' ? execute.data['params'] : execute,
  ]);
};

describe('a manifest whose parameters are not those of get_info() is refused (contract §3.2)', () => {
  const param = (change: object): object[] => [STEPS[0] ?? {}, { ...STEPS[1], params: [{ ...label, ...change }] }];
  const label = { key: 'label', type: 'string', default: 'screw' };

  test.each([
    ['type', { type: 'enum', choices: ['screw'] }, 'type is "string", the manifest says "enum"'],
    ['default', { default: 'bolt' }, 'default is "screw", the manifest says "bolt"'],
  ])('another %s', async (_what, change, difference) => {
    const refused = await refusalOf(runner.install(zip({ steps: param(change) })));
    expect(refused).toMatchObject({ code: '3005', faultName: 'info_mismatch' });
    expect(refused.message).toContain(`step 1 judge, parameter "label": ${difference}`);
    await runner.uninstall('original@1.0');
  });
});

describe('a manifest without steps', () => {
  test('is installed with those that get_info() tells, and with a warning', async () => {
    const report = await runner.install(zip({ steps: undefined }));
    const told = JSON.stringify(report);
    expect(told).toContain('/steps is missing');
    await runner.activate('original@1.0', ['A01']);
    expect(await toldOf({ 2: { label: 'bolt' } })).toEqual([
      [1, 'locate', { gain: '2.0' }],
      [2, 'judge', { label: "'bolt'" }],
    ]);
    await expect(toldOf({ 2: { label: 3 } })).rejects.toMatchObject({ code: '1006' });
    await expect(toldOf({ 3: {} })).rejects.toMatchObject({ code: '1006' });
  });

  test('what an unchanged algorithm relies on is there', async () => {
    const { steps } = await runner.detect({ pid: 'A01', image: IMAGE });
    const [first] = steps;
    expect(first?.pre).toMatchObject({ status: 'OK', debug: { loaded: true } });
    expect(first?.execute).toMatchObject({ verdict: 'OK', debug: { model_version: 'yolo-1.2' } });
    expect(first?.execute?.status === 'OK' && first.execute.data['pixels']).toBe(IMAGE.width * IMAGE.height);
    expect(first?.execute?.status === 'OK' && first.execute.data['started']).toContainEqual([1, 'A01']);
  });

  test('has them recorded: the next Runner knows them without asking', async () => {
    await runner.close();
    const file = join(storeLayout(store).deployment('original', '1.0'), 'installation.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      installation: { steps: [{ index: 0, name: 'locate' }, { index: 1 }] },
    });
    runner = await openRunner({ store, resume: false });
    await expect(toldOf({ 3: {} })).rejects.toMatchObject({ code: '1006' });
    await runner.start('original@1.0');
    expect(await toldOf()).toEqual([
      [1, 'locate', { gain: '2.0' }],
      [2, 'judge', { label: "'screw'" }],
    ]);
  });

  test.each<[string, string, Partial<Recipe>, string]>([
    ['an adapter that cannot be asked', 'sdk_0_0_5', {}, 'its adapter tells none'],
    ['one that tells none', 'sdk_0_0_7', {}, 'its adapter tells none'],
  ])('is refused of %s, with what to write', async (_what, program, recipe, why) => {
    const name = `stepless-${program.replaceAll('_', '-')}`;
    const refused = await refusalOf(
      runner.install(rogueZip({ name, ...recipe, manifest: { steps: undefined, supported_pids: ['B01'] } }, program)),
    );
    expect(refused).toMatchObject({ code: '2002', faultName: 'manifest_missing' });
    expect(refused.message).toBe(`manifest.json of ${name}@1.0.0 has no steps, and ${why}.`);
    expect(refused.hint).toContain('Write "steps" into manifest.json');
  });
});
