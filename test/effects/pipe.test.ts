import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { OsEvent } from '../../machines/index.js';
import type { PendingCall } from '../../src/effects/index.js';
import { Pipe } from '../../src/effects/os-process/pipe.js';
import { compareInfo } from '../../src/package/index.js';
import { encodeFrame } from '../../src/protocol/index.js';
import { Sightings } from './support/sightings.js';
import { DECLARED } from './support/stub-services.js';

/** A conversation with a process that the test itself plays. */
function conversation() {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const calls = new Map<number, PendingCall>();
  const events = new Sightings<OsEvent>();
  const warnings: string[] = [];
  const pipe = new Pipe({
    input: { key: 'stub@1.0.0', slot: 0 } as never,
    osPid: 4711,
    stdin,
    stdout,
    calls,
    images: { place: () => ({ sharedMemId: 'raw-00', release: () => true }) },
    undecoded: 'error',
    judgeInfo: (info) => compareInfo(info, DECLARED),
    hello: { runner_version: '0.1.0', heartbeat_interval_ms: 1, heartbeat_grace_ms: 1, max_frame_bytes: 4096 },
    frameBytesMax: 4096,
    lastWords: () => [],
    onHello: () => undefined,
    report: (event) => events.add(event),
    warn: (message) => warnings.push(message),
  });
  const says = (message: object) => stdout.write(encodeFrame(message));
  const call = (callId: number, deadlineMs: number, attempts = 0): void => {
    const fields = { requestId: `${callId}`, phase: 'pre', stepIndex: 1, session: { id: 'f' } };
    const waiting = { callId, phase: 'pre', pid: 'A01', deadlineMs, image: null, state: {}, attempts, fields };
    calls.set(callId, waiting as never);
    pipe.send({ type: 'call.send', callId });
  };
  return { pipe, stdin, stdout, calls, events, warnings, says, call };
}

const result = (requestId: string) => ({ type: 'result', request_id: requestId, status: 'OK', data: {} });

describe('an answer counts only for the call in flight (contract §6)', () => {
  test('one that comes after the deadline is dropped as late', async () => {
    const { events, says, call } = conversation();
    call(1, 10);
    expect(await events.next('call.overdue')).toMatchObject({ callId: 1, fault: { code: '1005' } });
    says(result('1'));
    expect(await events.next('reply.dropped')).toEqual({ type: 'reply.dropped', requestId: '1', reason: 'late' });
    expect(events.count('call.answered')).toBe(0);
  });

  test('one from a predecessor does not settle the call of its successor', async () => {
    const { events, says, call } = conversation();
    call(2, 5000);
    says(result('1'));
    expect(await events.next('reply.dropped')).toMatchObject({ requestId: '1', reason: 'unknown' });
    says(result('2'));
    expect(await events.next('call.answered')).toMatchObject({ callId: 2 });
  });

  test.each([[7], [null], [undefined], [['1']], [{ id: '1' }]])(
    'a request_id that is no text (%j) answers nothing',
    async (id) => {
      const { events, says, call } = conversation();
      call(1, 5000);
      says({ ...result('1'), request_id: id });
      expect(await events.next('reply.dropped')).toMatchObject({ reason: 'unknown' });
    },
  );

  test('one to a call that nobody waits for any more is dropped', async () => {
    const { calls, events, says, call } = conversation();
    call(1, 5000);
    calls.delete(1);
    says(result('1'));
    expect(await events.next('reply.dropped')).toMatchObject({ requestId: '1' });
    expect(events.count('call.answered')).toBe(0);
  });

  test('one to the attempt before is dropped, though the call is the same', async () => {
    const { events, says, call } = conversation();
    call(1, 5000);
    says({ ...result('1'), status: 'ERROR', error_class: 'RecoverableError' });
    expect(await events.next('call.answered')).toMatchObject({ outcome: 'error', recoverable: true });
    call(1, 5000, 1);
    says(result('1'));
    expect(await events.next('reply.dropped')).toMatchObject({ requestId: '1', reason: 'duplicate' });
    says(result('1.2'));
    expect(await events.next('call.answered')).toMatchObject({ callId: 1, outcome: 'result' });
  });

  test('one that comes long after its call is dropped as unknown', async () => {
    const { events, says, call } = conversation();
    for (let callId = 1; callId <= 65; callId++) {
      call(callId, 5000);
      says(result(`${callId}`));
      await events.next('call.answered');
    }
    says(result('1'));
    says(result('2'));
    expect(await events.next('reply.dropped')).toMatchObject({ requestId: '1', reason: 'unknown' });
    expect(await events.next('reply.dropped')).toMatchObject({ requestId: '2', reason: 'duplicate' });
  });

  test('an endless request_id is not kept', async () => {
    const { events, warnings, says, call } = conversation();
    call(1, 5000);
    says(result('x'.repeat(3000)));
    expect((await events.next('reply.dropped')) as { requestId?: string }).toMatchObject({
      requestId: 'x'.repeat(100),
    });
    expect(Math.max(...warnings.map(({ length }) => length))).toBeLessThan(500);
  });
});

describe('what the Runner says', () => {
  test('in its hello: its version, the heartbeat and the cap of a frame', () => {
    const { pipe, stdin } = conversation();
    pipe.send({ type: 'hello.send' });
    const sent = JSON.parse((stdin.read() as Buffer).subarray(4).toString()) as object;
    expect(sent).toEqual({
      type: 'hello',
      timestamp_ms: expect.any(Number) as number,
      runner_version: '0.1.0',
      heartbeat_interval_ms: 1,
      heartbeat_grace_ms: 1,
      max_frame_bytes: 4096,
    });
  });

  test('a ping has an id of its own each time', () => {
    const { pipe, stdin } = conversation();
    const ids = [1, 2, 3].map(() => {
      pipe.send({ type: 'ping.send' });
      return (JSON.parse((stdin.read() as Buffer).subarray(4).toString()) as { request_id: string }).request_id;
    });
    expect(new Set(ids).size).toBe(3);
  });

  test('goes nowhere once the stream broke, and harms nobody', async () => {
    const { pipe, stdin } = conversation();
    stdin.destroy(new Error('EPIPE'));
    await new Promise((resolve) => stdin.once('close', resolve));
    pipe.send({ type: 'ping.send' });
    pipe.send({ type: 'shutdown.send' });
  });
});

describe('the end of the stream', () => {
  test('in mid-frame is a fault', () => {
    const { pipe, stdout } = conversation();
    stdout.write(encodeFrame(result('1')).subarray(0, 9));
    stdout.read();
    expect(pipe.end()).toMatchObject({ code: '3001' });
  });

  test('stops the clock of the call in flight', async () => {
    const { pipe, events, call } = conversation();
    call(1, 10);
    pipe.end();
    await new Promise((resolve) => setTimeout(resolve, 30)); // longer than the deadline: nothing may come of it
    expect(events.all).toEqual([]);
  });
});
