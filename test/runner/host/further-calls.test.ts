import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { storeLayout } from '../../../src/index.js';
import type { CallOptions, CallResult, Runner } from '../../../src/index.js';
import { algorithmOf, census } from '../support/census.js';
import { scratchFolder } from '../support/folders.js';
import { eyesZip, rogueZip } from '../support/packages.js';
import { IMAGE, openRunner } from '../support/runners.js';

/** Answers as it should, then chats on standard output while nobody calls. */
const CHATTY = `
import os
import wire

def call(message):
    wire.answer(message)
    if message["user_params"].get("do") == "chat":
        os.write(1, b"waiting for the next board\\n")

wire.serve(call)
`;

const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
let runner: Runner;
let before: unknown;

beforeAll(async () => {
  // Losses are what these tests are about, each of a single attempt: the breaker must not open over them.
  runner = await openRunner({ store, retries: 0, restart: { breakerLosses: 1000, immediateRestarts: 1000 } });
  const chatty = { name: 'chatty', manifest: { supported_pids: ['B01'] }, files: { 'rogue.py': CHATTY } };
  await runner.install(eyesZip({ name: 'eyes' }));
  await runner.install(rogueZip(chatty));
  await runner.activate('eyes@1.0.0', ['A01']);
  await runner.activate('chatty@1.0.0', ['B01']);
});

beforeEach(async () => {
  for (const pid of ['A01', 'B01']) expect(await execute(pid, 'OK')).toMatchObject({ verdict: 'OK' });
  before = census(runner, layout);
});

async function execute(pid: string, what: string, options: CallOptions = {}): Promise<CallResult> {
  const flow = runner.openFlow({ pid });
  try {
    return await flow.execute(1, { image: IMAGE, params: { do: what }, ...options });
  } finally {
    flow.close();
  }
}

async function everythingIsAsBefore(): Promise<void> {
  expect(runner.images.leased).toBe(0);
  for (const pid of ['A01', 'B01']) expect(await execute(pid, 'OK')).toMatchObject({ verdict: 'OK' });
  await expect.poll(() => census(runner, layout)).toEqual(before);
}

describe('an exception in execute, on the SDK', () => {
  test.each([
    ['raise', '9999', 'ValueError', 'the lens is gone'],
    ['RecoverableError', '9999', 'RecoverableError', 'as asked'],
    ['GPUOutOfMemoryError', '1004', 'GPUOutOfMemoryError', 'as asked'],
    ['ProgramError', '9999', 'ProgramError', 'as asked'],
  ])(
    '%s is an error of that call, with its own code %s, and the process stays',
    async (what, errorCode, errorClass, message) => {
      const first = algorithmOf(layout, 'eyes@1.0.0');
      const result = await execute('A01', what);
      expect(result).toMatchObject({
        status: 'ERROR',
        outcome: 'error',
        errorCode,
        errorClass,
        fault: { code: '3010' },
      });
      expect(result.status === 'ERROR' && result.fault.message).toContain(message);
      expect(result).not.toHaveProperty('verdict');
      await everythingIsAsBefore();
      expect(algorithmOf(layout, 'eyes@1.0.0')).toBe(first);
    },
  );

  test('FatalError is an error of that call, and the process is replaced', async () => {
    const first = algorithmOf(layout, 'eyes@1.0.0');
    expect(await execute('A01', 'FatalError')).toMatchObject({ outcome: 'error', errorClass: 'FatalError' });
    await everythingIsAsBefore();
    expect(algorithmOf(layout, 'eyes@1.0.0')).not.toBe(first);
  });

  test('an exit with code 0 loses the call all the same', async () => {
    const result = await execute('A01', 'exit');
    expect(result).toMatchObject({ status: 'ERROR', outcome: 'lost', fault: { code: '3002' } });
    await everythingIsAsBefore();
  });
});

test('an execute that sleeps past its deadline ends as 1005, and the process is replaced', async () => {
  const first = algorithmOf(layout, 'eyes@1.0.0');
  const result = await execute('A01', 'sleep 600', { timeoutMs: 200 });
  expect(result).toMatchObject({ status: 'ERROR', outcome: 'timed_out', fault: { code: '1005' } });
  await everythingIsAsBefore();
  expect(algorithmOf(layout, 'eyes@1.0.0')).not.toBe(first);
});

test('text on standard output while nobody calls costs the process, not a call', async () => {
  const first = algorithmOf(layout, 'chatty@1.0.0');
  expect(await execute('B01', 'chat')).toMatchObject({ status: 'OK', verdict: 'OK' });
  await expect.poll(() => processOf('chatty@1.0.0')).not.toBe(first);
  await everythingIsAsBefore();
});

/** Null while there is none, or an old and a new one. */
function processOf(release: string): number | null {
  try {
    return algorithmOf(layout, release);
  } catch {
    return null;
  }
}
