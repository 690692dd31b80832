import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { CallOptions, CallResult, Flow, ImageInput, Runner } from '../../src/index.js';
import { hasPrivateMounts, runInPrivateTmpfs } from '../images/support/private-mount.js';
import { refusalOf } from '../store/support/refusal.js';
import { builtProgram } from '../support/built-program.js';
import { census } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { fileOf, rogueZip } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

const STEPS = [
  {
    index: 1,
    name: 'look',
    params: [
      { key: 'threshold', type: 'int', default: 5, min: 0, max: 10, unit: 'grey' },
      { key: 'mode', type: 'enum', choices: ['fast', 'exact'], required: true },
      { key: 'roi', type: 'rect' },
      { key: 'codes', type: 'array', item_type: 'string', max_length: 2 },
    ],
  },
];

const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
let runner: Runner;
let flow: Flow;

beforeAll(async () => {
  runner = await openRunner({ store });
  await runner.install(rogueZip({ name: 'strict', manifest: { steps: STEPS } }, 'behaves'));
  await runner.activate('strict@1.0.0', ['A01']);
  flow = runner.openFlow({ pid: 'A01', context: { operator: 'eva' } });
  await execute();
  // The first file brings up the process that decodes, which stays.
  await refusalOf(execute({ image: '/nowhere/image.png' }));
});

const execute = (options: CallOptions = {}): Promise<CallResult> =>
  flow.execute(1, { params: { mode: 'fast' }, image: IMAGE, ...options });
const echoOf = (result: CallResult): Record<string, unknown> => {
  if (result.status !== 'OK') throw new Error(result.fault.message);
  return result.data['echo'] as Record<string, unknown>;
};

/** A refusal before any call was made: no call reached the process, nothing is leased, the flow goes on. */
async function refusedBeforeTheCall(work: () => Promise<unknown>) {
  const before = census(runner, layout);
  const { callId } = await execute();
  const refusal = await refusalOf(work());
  expect(await execute()).toMatchObject({ status: 'OK', callId: callId + 1 });
  expect(census(runner, layout)).toEqual(before);
  return refusal;
}

describe('parameters are checked against the manifest before the call', () => {
  test('good ones reach the algorithm, with the defaults filled in', async () => {
    const { user_params: params } = echoOf(
      await execute({ params: { mode: 'exact', roi: { x: 0, y: 0, width: 4, height: 4 } } }),
    );
    expect(params).toEqual({ threshold: 5, mode: 'exact', roi: { x: 0, y: 0, width: 4, height: 4 } });
  });

  test.each<[string, Record<string, unknown>, string, string]>([
    ['missing', {}, '1006', 'mode'],
    ['of the wrong type', { mode: 'fast', threshold: 'high' }, '1006', 'threshold'],
    ['no whole number', { mode: 'fast', threshold: 5.5 }, '1006', 'threshold'],
    ['below its range', { mode: 'fast', threshold: -1 }, '1006', 'threshold'],
    ['above its range', { mode: 'fast', threshold: 11 }, '1006', 'threshold'],
    ['none of the choices', { mode: 'slow' }, '1006', 'mode'],
    ['too many', { mode: 'fast', codes: ['a', 'b', 'c'] }, '1006', 'codes'],
    ['a rectangle outside the image', { mode: 'fast', roi: { x: 10, y: 0, width: 10, height: 4 } }, '1007', 'roi'],
    ['a rectangle of texts', { mode: 'fast', roi: '1,2,three,4' }, '1006', 'roi'],
  ])('one that is %s is refused, named', async (_what, params, code, key) => {
    const refusal = await refusedBeforeTheCall(() => execute({ params }));
    expect(refusal).toMatchObject({ code });
    expect(refusal.message).toContain(key);
  });

  test('what a host draws a form from says the same', () => {
    const text = JSON.stringify(runner.form('strict@1.0.0', 1));
    for (const word of ['threshold', 'grey', '"default":5', 'exact']) expect(text).toContain(word);
    expect(() => runner.form('nobody@1.0.0', 1)).toThrow(expect.objectContaining({ code: '3011' }));
  });
});

describe('an image that cannot be used is refused as 1002 before the call', () => {
  const jpegHead = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46]);
  test.each<[string, () => ImageInput]>([
    ['a file that is not there', () => '/nowhere/image.png'],
    ['a folder', () => scratchFolder()],
    ['an empty file', () => fileOf('', 'empty.png')],
    ['a file that is no image', () => fileOf('this is a letter', 'letter.png')],
    ['a JPEG that ends after its head', () => fileOf(jpegHead, 'cut.jpg')],
    ['no bytes', () => new Uint8Array(0)],
    ['bytes that are no image', () => new Uint8Array(1000)],
    ['pixels that are too few', () => ({ ...IMAGE, width: 1000 })],
    ['an image of no size', () => ({ ...IMAGE, width: 0, data: new Uint8Array(0) })],
  ])('%s', async (_what, image) => {
    expect(await refusedBeforeTheCall(() => execute({ image: image() }))).toMatchObject({ code: '1002' });
    expect(await refusedBeforeTheCall(() => execute({ image: image(), passThrough: true }))).toMatchObject({
      code: '1002',
    });
  });

  test('a missing file is refused by detect as well, and its flow is not left open', async () => {
    expect(await refusalOf(runner.detect({ pid: 'A01', image: '/nowhere/image.png' }))).toMatchObject({ code: '1002' });
  });
});

describe('calls that make no sense', () => {
  test('a PID that is not bound is 1001', async () => {
    expect(await refusalOf(runner.detect({ pid: 'Z99', image: IMAGE }))).toMatchObject({ code: '1001' });
    expect(() => runner.openFlow({ pid: 'Z99' })).toThrow(expect.objectContaining({ code: '1001' }));
    expect(() => runner.openFlow({ pid: '../../etc' })).toThrow(expect.objectContaining({ code: '1001' }));
  });

  test('a step the release does not have names those it has', async () => {
    const refusal = await refusedBeforeTheCall(() => flow.execute(3, { params: { mode: 'fast' } }));
    expect(refusal.message).toContain('1 look');
  });

  test('a second call of a flow while one is under way', async () => {
    const first = execute();
    const refusal = await refusalOf(execute());
    expect(refusal).toMatchObject({ code: '3013', faultName: 'operation_conflict' });
    expect(await first).toMatchObject({ status: 'OK' });
  });
});

describe('the context of a session', () => {
  test('carries product_code and trace_id, and what the caller gave', async () => {
    const session = echoOf(await execute())['session'];
    expect(session).toEqual({ id: flow.id, context: { product_code: 'A01', trace_id: flow.id, operator: 'eva' } });
  });
});

describe('images on their way', () => {
  test('as many as may wait for a process wait with their calls', async () => {
    const flows = Array.from({ length: 12 }, () => runner.openFlow({ pid: 'A01' }));
    const calls = flows.map((one) => one.execute(1, { params: { mode: 'fast' }, image: IMAGE }));
    for (const result of await Promise.all(calls)) expect(result).toMatchObject({ status: 'OK' });
    for (const one of flows) one.close();
    expect(runner.images).toMatchObject({ leased: 0, free: 1 });
  });

  test.runIf(hasPrivateMounts)('a full memory refuses the image, not the Runner', async () => {
    await runner.close();
    const mount = join(scratchFolder(), 'memory');
    mkdirSync(mount);
    const program = builtProgram(new URL('./programs/full-memory.ts', import.meta.url));
    const { status, stdout, stderr } = runInPrivateTmpfs(mount, 4, program, [store]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      'an image that fits': 'OK',
      'an image while the memory is full': 'image_pool_full',
      'a call without an image meanwhile': 'OK',
      leased: 0,
      'an image after room was made': 'OK',
      'left in the memory after close': [],
    });
  });
});
