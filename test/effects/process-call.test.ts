import { describe, expect, test } from 'vitest';
import type { Reply } from '../../src/protocol/index.js';
import type { Settled } from './support/process-rig.js';
import { startProcess } from './support/process-rig.js';

const dataOf = (reply: Reply | null): Readonly<Record<string, unknown>> => {
  if (reply?.outcome !== 'result') throw new Error(`not a result: ${JSON.stringify(reply)}`);
  return reply.data;
};
const echoOf = ({ reply }: Settled) => dataOf(reply)['echo'] as Record<string, unknown>;

describe('a call', () => {
  test('reaches the process with its fields at the top level and in data, and brings back its answer', async () => {
    const rig = await startProcess('behaves').ready();
    const settled = await rig.call({ fields: { userParams: { threshold: 3 }, stepIndex: 2 } });
    expect(settled).toMatchObject({ outcome: 'result', fault: null, reply: { verdict: 'OK' } });
    const sent = { phase: 'execute', method: 'execute', step_index: 2, pid: 'A01', user_params: { threshold: 3 } };
    expect(echoOf(settled)).toMatchObject({ type: 'call', ...sent, data: sent });
    expect(rig.state).toBe('Running');
  });

  test('knows which process served it', async () => {
    const rig = await startProcess('behaves').ready();
    const { call } = await rig.call();
    expect(call.servedBy).toEqual({ osPid: rig.osPid, slot: 0, carriesState: false });
  });

  test('carries the session state to those that announce it, and to nobody else', async () => {
    const state = '{"count":41}';
    const carrier = await startProcess('carries_state').ready();
    const { reply, call } = await carrier.call({ state });
    expect(dataOf(reply)['given']).toEqual({ count: 41 });
    expect({ state: reply?.sessionState, carries: call.servedBy?.carriesState }).toEqual({
      state: '{"count": 42}',
      carries: true,
    });
    const other = await startProcess('behaves').ready();
    expect(echoOf(await other.call({ state }))['session']).not.toHaveProperty('state');
  });

  test('one after the other is served by the same process', async () => {
    const rig = await startProcess('behaves').ready();
    for (let i = 0; i < 50; i++) expect((await rig.call()).outcome).toBe('result');
    expect(rig.events.count('call.answered')).toBe(50);
  });

  test('too large for a frame is refused here, and the process goes on serving', async () => {
    const rig = await startProcess('behaves', { services: { frameBytesMax: 8192 } }).ready();
    const settled = await rig.call({ fields: { userParams: { text: 'x'.repeat(8192) } } });
    expect(settled).toMatchObject({ outcome: 'error', reply: { fault: { code: '1006' } } });
    expect(await rig.call()).toMatchObject({ outcome: 'result' });
  });

  test('with parameters that cannot be written down is refused here, and the process goes on serving', async () => {
    const more = { fields: { userParams: { deep: nested(200_000) } } };
    const rig = await startProcess('carries_state').ready();
    expect(await rig.call(more)).toMatchObject({ outcome: 'error', reply: { fault: { code: '1006' } } });
    expect(await rig.call()).toMatchObject({ outcome: 'result' });
  });
});

describe('replies nobody waits for are dropped and recorded', () => {
  test('the second reply to a call', async () => {
    const rig = await startProcess('replies_twice').ready();
    const { call, reply } = await rig.call();
    expect(dataOf(reply)['nth']).toBe(1);
    const dropped = await rig.events.next('reply.dropped');
    expect(dropped).toMatchObject({ requestId: call.fields.requestId, reason: 'duplicate' });
    expect(dataOf((await rig.call()).reply)['nth']).toBe(1);
    expect(rig.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'a reply to "1" was dropped: duplicate' }),
    );
  });

  test('a reply to an id that was never given out, and an error without one', async () => {
    const rig = await startProcess('replies_to_nobody').ready();
    expect(await rig.call()).toMatchObject({ outcome: 'result' });
    expect(await rig.events.next('reply.dropped')).toMatchObject({ requestId: 'nobody asked', reason: 'unknown' });
    expect(await rig.events.next('reply.dropped')).toMatchObject({ reason: 'unknown' });
    expect(rig.state).toBe('Running');
  });

  test('thousands of messages of a type nobody knows are ignored, and the call is answered', async () => {
    const rig = await startProcess('floods_stdout', { args: ['6400'] }).ready();
    expect(await rig.call()).toMatchObject({ outcome: 'result' });
    expect(rig.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringContaining('telemetry') as string }),
    );
  });
});

describe('a call whose process breaks the protocol is lost, and the process is ended', () => {
  test.each([
    ['prints_when_called', 'now looking at'],
    ['huge_frame', '4294967294 bytes'],
  ])('%s', async (program, quoted) => {
    const rig = await startProcess(program).ready();
    const { outcome, fault } = await rig.call();
    expect({ outcome, fault }).toMatchObject({ outcome: 'lost', fault: { code: '3001', name: 'protocol_fault' } });
    expect(fault?.message).toContain(quoted);
    expect(await rig.next('process.ended')).toMatchObject({ fault: { code: '3001' } });
  });

  test.each([
    ['exits_in_mid_frame', { exit_code: 0, signal: null }, 'in the middle of a frame'],
    ['crashes_when_called', { exit_code: 1, signal: null }, 'exited with code 1'],
  ])('%s', async (program, details, words) => {
    const rig = await startProcess(program).ready();
    const { outcome, fault } = await rig.call();
    expect({ outcome, fault }).toMatchObject({
      outcome: 'lost',
      fault: { code: '3002', name: 'process_lost', details },
    });
    expect(fault?.message).toContain(words);
  });

  test('its last words come with the fault', async () => {
    const rig = await startProcess('crashes_when_called').ready();
    const { fault } = await rig.call();
    expect((fault?.details?.['last_stderr'] as string[]).at(-1)).toBe('RuntimeError: the lens is gone');
  });

  test('a process killed from outside says by which signal', async () => {
    const rig = await startProcess('hangs_when_called').ready();
    const settled = rig.call();
    await rig.events.next('call.dispatched');
    process.kill(rig.osPid, 'SIGSEGV');
    expect(await settled).toMatchObject({
      outcome: 'lost',
      fault: { details: { exit_code: null, signal: 'SIGSEGV' } },
    });
  });
});

describe('the deadline of a call', () => {
  test('ends it as 1005 and the process with it', async () => {
    const rig = await startProcess('hangs_when_called').ready();
    const { outcome, fault } = await rig.call({ deadlineMs: 100 });
    expect({ outcome, fault }).toMatchObject({ outcome: 'timed_out', fault: { code: '1005', name: 'timeout' } });
    expect(fault).toMatchObject({ details: { phase: 'execute', deadline_ms: 100, step_index: 1, pid: 'A01' } });
    expect(await rig.next('process.ended')).toMatchObject({ fault: { code: '1005' } });
  });

  test('is the only thing that ends it: missed pings are seen and counted, no more', async () => {
    const timings = { pingIntervalMs: 30, pongGraceMs: 30 };
    const rig = await startProcess('thinks_long', { args: ['0.8'], timings }).ready();
    expect(await rig.call()).toMatchObject({ outcome: 'result' });
    expect(rig.events.count('heartbeat.missed')).toBeGreaterThan(2);
    expect(rig.events.count('process.leaving')).toBe(0);
  });

  test('of one call is not that of the next', async () => {
    const rig = await startProcess('thinks_long', { args: ['0.15'] }).ready();
    expect(await rig.call({ deadlineMs: 10_000 })).toMatchObject({ outcome: 'result' });
    expect(await rig.call({ deadlineMs: 50 })).toMatchObject({ outcome: 'timed_out' });
  });
});

describe('at rest', () => {
  test('a process that answers its pings is left alone', async () => {
    const rig = await startProcess('behaves', { timings: { pingIntervalMs: 10, pongGraceMs: 1000 } }).ready();
    for (let i = 0; i < 5; i++) await rig.events.next('pong.received');
    expect(rig.state).toBe('Running');
  });

  test.each(['ignores_pings', 'closes_stdin'])('%s: two missed pings in a row end it', async (program) => {
    const rig = await startProcess(program, { timings: { pingIntervalMs: 40, pongGraceMs: 40 } }).ready();
    const { fault } = await rig.next('process.ended');
    expect(rig.events.count('heartbeat.missed')).toBe(2);
    expect(fault).toMatchObject({ code: '1005' });
    expect(fault?.message).toContain('heartbeats');
  });

  test('a stopped process is found within interval + 2 × grace + 0.5 s', async () => {
    const rig = await startProcess('behaves', { timings: { pingIntervalMs: 100, pongGraceMs: 100 } }).ready();
    const sinceMs = performance.now();
    process.kill(rig.osPid, 'SIGSTOP');
    await rig.next('process.leaving');
    expect(performance.now() - sinceMs).toBeLessThan(100 + 2 * 100 + 500);
    await rig.next('process.ended');
  });

  test('writing to a process that closed its input harms nobody', async () => {
    const rig = await startProcess('closes_stdin').ready();
    expect(await rig.call({ deadlineMs: 150 })).toMatchObject({ outcome: 'timed_out' });
  });
});

describe('answers that break the contract are errors of the call, not of the process', () => {
  test.each([
    [{ status: 'OK' }, '3009'],
    [{ status: 'OK', data: { result_status: 'NG' } }, '3009'],
    [{ status: 'ERROR', message: 'too dark', error_code: '1002' }, '3010'],
  ])('%j', async (frame, code) => {
    const rig = await startProcess('answers_with', { args: [JSON.stringify(frame)] }).ready();
    for (let i = 0; i < 2; i++)
      expect(await rig.call()).toMatchObject({ outcome: 'error', reply: { fault: { code } } });
    expect(rig.state).toBe('Running');
  });

  test('an integer beyond 2^53, which is told with its place and its digits', async () => {
    const frame = '{"status": "OK", "data": {"result_status": "OK", "serials": [9007199254740993]}}';
    const rig = await startProcess('answers_with', { args: [frame] }).ready();
    const { outcome, reply } = await rig.call();
    expect(outcome).toBe('error');
    expect(reply).toMatchObject({ fault: { code: '3009', name: 'contract_violation' } });
    expect(reply?.outcome === 'error' && reply.fault.message).toContain('data.serials.0 is 9007199254740993');
  });

  test('FatalError replaces the process', async () => {
    const frame = { status: 'ERROR', message: 'out of order', error_class: 'FatalError' };
    const rig = await startProcess('answers_with', { args: [JSON.stringify(frame)] }).ready();
    expect(await rig.call()).toMatchObject({ outcome: 'error', reply: { errorClass: 'FatalError' } });
    const { fault } = await rig.next('process.ended');
    expect(fault?.message).toContain('FatalError');
  });
});

function nested(levels: number): unknown {
  return JSON.parse('['.repeat(levels) + ']'.repeat(levels));
}
