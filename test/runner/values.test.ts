import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CallFailed, CallOptions, CallResult, Runner } from '../../src/index.js';
import { storeLayout } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { scratchFolder } from './support/folders.js';
import { eyesZip } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

/** A package of test/fixtures/packages/values.py. */
const zip = (): string =>
  eyesZip({
    name: 'values',
    manifest: {
      entry_point: 'values:Values',
      steps: [
        {
          index: 1,
          name: 'look',
          params: [
            { key: 'do', type: 'string', default: 'judge' },
            { key: 'gain', type: 'float', default: 2.0 },
            { key: 'offset', type: 'float', default: -0.5 },
            { key: 'weights', type: 'array', item_type: 'float', default: [1, 0.5] },
            { key: 'count', type: 'int', default: 3 },
          ],
        },
      ],
    },
    files: {
      'eyes.py': null,
      'values.py': readFileSync(new URL('../fixtures/packages/values.py', import.meta.url)),
    },
  });

const store = join(scratchFolder(), 'store');
let runner: Runner;
beforeAll(async () => {
  runner = await openRunner({
    store,
    restart: { breakerLosses: 100, immediateRestarts: 100 },
    replaceAfterFailures: 3,
    environment: { CUDA_VISIBLE_DEVICES: '0', OMP_NUM_THREADS: '2' },
    releases: {
      values: { environment: { CUDA_VISIBLE_DEVICES: '1' } },
      'values@1.0.0': { environment: { TZ: 'Asia/Shanghai' } },
    },
  });
  await runner.install(zip());
  await runner.activate('values@1.0.0', ['A01']);
});

/** What was logged for the release. */
function logLines(): readonly { readonly level: string; readonly message: string }[] {
  const folder = storeLayout(store).releaseLogs('values', '1.0.0');
  const text = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  return text
    .join('')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { level: string; message: string });
}

async function execute(params: object, options: CallOptions = {}): Promise<CallResult> {
  const flow = runner.openFlow({ pid: 'A01' });
  try {
    return await flow.execute(1, { params: { ...params }, ...options });
  } finally {
    flow.close();
  }
}

function given(result: CallResult): unknown {
  if (result.status !== 'OK') throw new Error(`${result.outcome}: ${result.fault.message}`);
  return result.data['given'];
}

async function failed(what: string): Promise<CallFailed> {
  const result = await execute({ do: what });
  if (result.status === 'OK') throw new Error(`the call worked: ${JSON.stringify(result.data)}`);
  return result;
}

describe('a value keeps its type all the way to the algorithm (contract §3.1)', () => {
  test('a float by default, also a whole one', async () => {
    expect(given(await execute({ do: 'types' }))).toEqual({
      gain: '2.0',
      offset: '-0.5',
      weights: '[1.0, 0.5]',
      count: '3',
    });
  });

  test('a float that is given, also a whole one', async () => {
    const params = { do: 'types', gain: 7, offset: -0, weights: [2], count: 7 };
    expect(given(await execute(params))).toEqual({ gain: '7.0', offset: '-0.0', weights: '[2.0]', count: '7' });
  });

  test('what a host says in the context, save what was rounded before', async () => {
    const flow = runner.openFlow({ pid: 'A01', context: { zero: -0, half: 0.5, serial: '12345678901234567890' } });
    const seen = given(await flow.execute(1, { params: { do: 'context' } }));
    expect(seen).toMatchObject({ zero: '-0.0', half: '0.5', serial: "'12345678901234567890'" });
    flow.close();
    expect(() => runner.openFlow({ pid: 'A01', context: { serial: 2 ** 60 } })).toThrow(/beyond 2\^53/);
  });
});

describe('a session state is read back as it was set (contract §6)', () => {
  const STATE = {
    whole: '2.0',
    zero: '-0.0',
    serial: '1208925819614629174706177',
    order: "{'b': 1, '10': 2, '9': 3}",
    centre: '(3, 4.0)',
  };

  test('by the process that set it, and by its successor', async () => {
    const flow = runner.openFlow({ pid: 'A01' });
    expect(await flow.pre(1)).toMatchObject({ status: 'OK', message: 'prepared' });
    expect(given(await flow.execute(1, { params: { do: 'state' } }))).toEqual(STATE);
    expect(await flow.execute(1, { params: { do: 'exit' }, retries: 0 })).toMatchObject({ outcome: 'lost' });
    expect(given(await flow.execute(1, { params: { do: 'state' } }))).toEqual(STATE);
    flow.close();
  });
});

describe('what an algorithm raises is one error of its call, and its process stays (contract §10)', () => {
  test.each([
    ['cancelled', '9999', 'CancelledError'],
    ['panics', '9999', 'PanicException'],
    ['rounded', '9999', 'TypeError'],
    ['no_memory', '1004', 'GPUOutOfMemoryError'],
  ])('%s', async (what, errorCode, errorClass) => {
    const before = await execute({});
    expect(await failed(what)).toMatchObject({ outcome: 'error', errorCode, errorClass, failedAttempts: [] });
    const after = await execute({});
    expect([before, after].map((result) => result.status === 'OK' && result.data['own_pid'])).toEqual([
      before.status === 'OK' && before.data['own_pid'],
      before.status === 'OK' && before.data['own_pid'],
    ]);
  });

  test('and an integer beyond 2^53 in a result is refused with its place', async () => {
    expect((await failed('rounded')).fault.message).toContain('data.given is 9007199254740993');
  });

  test('a diagnostic that is not JSON costs no verdict', async () => {
    expect(await execute({ do: 'publishes' })).toMatchObject({ verdict: 'OK', debug: { m: [1, 2] } });
  });
});

test('a process on which every call fails after one bad call is replaced after as many as its policy says', async () => {
  const outcomes: string[] = [];
  for (const what of ['poison', 'judge', 'judge', 'judge']) outcomes.push((await execute({ do: what })).status);
  expect(outcomes).toEqual(['ERROR', 'ERROR', 'ERROR', 'OK']);
});

test('and so is one whose pre works each time before its execute fails', async () => {
  const statuses: string[] = [];
  for (const what of ['poison', 'judge', 'judge', 'judge'])
    statuses.push((await runner.detect({ pid: 'A01', image: IMAGE, params: { 1: { do: what } } })).status);
  expect(statuses).toEqual(['ERROR', 'ERROR', 'ERROR', 'OK']);
});

test('parameters for a step that does not exist are refused, and name those there are', async () => {
  const asked = runner.detect({ pid: 'A01', image: IMAGE, params: { 1: { gain: 3 }, 2: { gain: 3 } } });
  await expect(asked).rejects.toMatchObject({ code: '1006', message: expect.stringContaining('no step 2') as string });
});

describe('the surroundings of a process are those a program expects (contract §11)', () => {
  test('a home and caches that can be written, a user, its own variables, no arguments', async () => {
    const seen = given(await execute({ do: 'surroundings' })) as Readonly<Record<string, unknown>>;
    const environment = seen['environment'] as Readonly<Record<string, string>>;
    expect(seen).toMatchObject({ home: environment['HOME'], user: environment['USER'], arguments: [] });
    expect(environment).toMatchObject({ CUDA_VISIBLE_DEVICES: '1', OMP_NUM_THREADS: '2', TZ: 'Asia/Shanghai' });
    expect(environment).not.toHaveProperty('NODE_ENV');
    // Standard output and error, the two pipes of the protocol, and the two ends of the pipe by which a signal ends a wait.
    expect(seen['descriptors']).toHaveLength(6);
  });
});

test('what an algorithm logs by its own means has its severity', async () => {
  await execute({ do: 'logs' });
  const lines = await eventually(() => {
    const found = logLines();
    if (!found.some(({ message }) => message.includes('the worker is gone'))) throw new Error('not yet');
    return found;
  });
  const levelOf = (text: string) => lines.find(({ message }) => message.includes(text))?.level;
  expect(levelOf('the lens is dirty')).toBe('error');
  expect(levelOf('the thread worker ended: ValueError: the worker is gone')).toBe('error');
  expect(levelOf('printed ordinarily')).toBe('info');
  expect(levelOf('ERROR: printed badly')).toBe('error');
  expect(levelOf('not worth a line')).toBeUndefined();
});
