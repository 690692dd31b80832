import { describe, expect, test } from 'vitest';
import { startProcess } from './support/process-rig.js';

const CALL = { pid: 'A01', phase: 'execute', step_index: 1, flow_id: 'flow-1' };

describe('a lost process says how it ended, its last words, and its last call', () => {
  test.each([
    ['raise', { exit_code: 1, signal: null }, 'exited with code 1', 'RuntimeError: the lens is gone in call 2'],
    ['exit', { exit_code: 9, signal: null }, 'exited with code 9', 'the licence ran out'],
    ['SIGSEGV', { exit_code: null, signal: 'SIGSEGV' }, 'was ended by SIGSEGV', undefined],
    ['SIGABRT', { exit_code: null, signal: 'SIGABRT' }, 'was ended by SIGABRT', undefined],
  ])('%s amid its second call', async (how, ending, words, last) => {
    const rig = await startProcess('crashes_in_call', { args: [JSON.stringify({ crash_in_call: 2, how })] }).ready();
    expect(await rig.call()).toMatchObject({ outcome: 'result' });
    const { type, outcome, fault } = await rig.call();
    expect({ type, outcome, fault }).toMatchObject({
      type: 'call.failed',
      outcome: 'lost',
      fault: { code: '3002', details: { ...ending, last_call: { ...CALL, call_id: 2, running: true } } },
    });
    expect(fault?.message).toBe(`The process ${words} during execute of step 1 for A01 (call 2).`);
    expect((fault?.details?.['last_stderr'] as string[]).at(-1)).toBe(last);
  });

  test('at rest: its last call is one that was answered', async () => {
    const rig = await startProcess('exits_at_rest', { args: ['{"exit_after_ms":1500}'] }).ready();
    await rig.call();
    expect(await rig.next('process.ended')).toMatchObject({
      fault: {
        code: '3002',
        message: 'The process exited with code 7.',
        details: {
          exit_code: 7,
          last_stderr: ['the licence ran out'],
          last_call: { ...CALL, call_id: 1, running: false },
        },
      },
    });
  });

  test('before its first call: there is no last call', async () => {
    const rig = await startProcess('exits_at_rest', { args: ['{"exit_after_ms":1}'] }).ready();
    const { fault } = await rig.next('process.ended');
    expect(fault?.details).not.toHaveProperty('last_call');
    expect(fault?.details).toMatchObject({ exit_code: 7 });
  });

  test('a protocol fault has them too', async () => {
    const rig = await startProcess('prints_when_called').ready();
    const { fault } = await rig.call();
    expect(fault).toMatchObject({
      code: '3001',
      details: { first_bytes: expect.any(String) as string, last_stderr: [], last_call: { call_id: 1, running: true } },
    });
  });

  test('and so has a call that was not answered in time', async () => {
    const rig = await startProcess('hangs_when_called').ready();
    const { fault } = await rig.call({ deadlineMs: 50 });
    expect(fault).toMatchObject({
      code: '1005',
      details: { deadline_ms: 50, last_stderr: [], last_call: { call_id: 1, running: true } },
    });
  });

  test('and so has one that missed its pings at rest', async () => {
    const timings = { pingIntervalMs: 800, pongGraceMs: 50 };
    const rig = await startProcess('ignores_pings', { timings }).ready();
    expect(await rig.call()).toMatchObject({ outcome: 'result' });
    expect(await rig.next('process.ended')).toMatchObject({
      fault: {
        code: '1005',
        details: { signal: 'SIGKILL', last_stderr: [], last_call: { call_id: 1, running: false } },
      },
    });
  });

  test('a second loss of the same process does not name a call that was settled before as running', async () => {
    const rig = await startProcess('hangs_when_called').ready();
    await rig.call({ deadlineMs: 50 });
    await rig.next('process.ended');
    expect(rig.events.seen('os.exited')).toMatchObject({
      fault: { message: 'The process was ended by SIGKILL.', details: { last_call: { running: false } } },
    });
  });
});

describe('the last words', () => {
  test('are the last twenty lines, each cut to 500 characters', async () => {
    const rig = await startProcess('floods_log', { args: ['{"flood_ms":20,"line_bytes":3000}'] }).ready();
    await rig.call();
    process.kill(rig.osPid, 'SIGKILL');
    const { fault } = await rig.next('process.ended');
    const words = fault?.details?.['last_stderr'] as string[];
    expect(words.length).toBe(20);
    expect(words.at(-1)).toBe('the flood is over');
    expect(Math.max(...words.map(({ length }) => length))).toBe(500);
  });
});
