import { describe, expect, test } from 'vitest';
import { replay } from '../../src/api/trace.js';
import { find, recordsOf, told, twice, without } from './support/changed.js';

const crash = await recordsOf('crash-breaker-half-open');
const hang = await recordsOf('two-processes-one-hangs');

describe('the first divergence is named', () => {
  test('at a record whose state after it was changed', async () => {
    const { seq } = find(crash, ({ event, after }) => event === 'call.dispatched' && after === 'Executing');
    const { first, isExact } = await replay(told(crash, seq, { after: 'Stopping' }));
    expect(isExact).toBe(false);
    expect(first).toMatchObject({
      kind: 'state',
      seq,
      expected: 'Executing',
      got: 'Stopping',
      event: 'call.dispatched',
    });
  });

  test('at a record whose state before it was changed', async () => {
    const { seq } = find(crash, ({ before }) => before === 'Confirming');
    const { first } = await replay(told(crash, seq, { before: 'Starting' }));
    expect(first).toMatchObject({ kind: 'state', seq, expected: 'process in Confirming before it' });
  });

  test('at an event that was changed, where the machines go elsewhere on it', async () => {
    const { seq, data } = find(crash, ({ event }) => event === 'call.answered');
    const { first } = await replay(told(crash, seq, { data: { ...data, callId: 4711 } }));
    expect(first).toMatchObject({
      kind: 'state',
      seq,
      expected: 'Executing',
      got: 'Running',
      guard: {
        ...{ name: 'isCallInFlight', recorded: true, today: false },
        alternatives: ['isRecoverableAnswer', 'isCountedFailure', 'endsFailures'],
      },
    });
  });

  test('at what an actor told another, where other contents are recorded than it sent', async () => {
    const { seq, data } = find(crash, ({ event, data }) => event === 'process.ended' && data['fault'] !== null);
    const { first } = await replay(told(crash, seq, { data: { ...data, jitter: 0.123 } }));
    expect(first).toMatchObject({ kind: 'data', seq, event: 'process.ended' });
    expect(first?.got).toBe('{"jitter":0.123}');
    expect(first?.decision).toMatch(/^process \w+ · os\.exited$/);
  });

  test('at what an actor was begun with', async () => {
    const { seq, data } = find(crash, ({ machine, event }) => machine === 'heartbeat' && event === 'xstate.init');
    const input = { timings: { ...(data['input'] as { timings: object }).timings, pongGraceMs: 1 } };
    const { first } = await replay(told(crash, seq, { data: { input } }));
    expect(first).toMatchObject({
      kind: 'data',
      seq,
      event: 'xstate.init',
      decision: 'process Confirming · info.received',
    });
  });

  test('at a delivery to a child that nobody sent', async () => {
    const { seq, actor } = find(crash, ({ event }) => event === 'call.dispatched');
    const { first } = await replay(twice(crash, seq));
    expect(first).toMatchObject({ kind: 'unexpected', seq: seq + 1, actor, event: 'call.dispatched' });
  });

  test('as soon as it can be known that a delivery to a child is missing', async () => {
    const { seq, actor } = find(crash, ({ event }) => event === 'call.dispatched');
    const { first } = await replay(without(crash, seq));
    expect(first).toMatchObject({
      kind: 'missing',
      seq,
      expected: `${actor} receives call.dispatched`,
      decidedAt: seq - 1,
    });
  });

  test('where an actor was begun that nobody began', async () => {
    const { seq } = find(crash, ({ actor, event }) => actor.endsWith('/heartbeat') && event === 'xstate.init');
    const { first } = await replay(twice(crash, seq));
    expect(first?.seq).toBeLessThanOrEqual(seq + 2);
    expect(first).toMatchObject({ kind: 'unexpected', got: expect.stringContaining('heartbeat begins') as string });
  });

  test('where no begin is recorded of an actor that was begun', async () => {
    const { seq, actor } = find(crash, ({ actor, event }) => actor.endsWith('/heartbeat') && event === 'xstate.init');
    const { first } = await replay(without(crash, seq));
    expect(first).toMatchObject({ kind: 'missing', expected: `${actor} begins`, decidedAt: seq });
  });

  test('at the answer of an effect that was not under way', async () => {
    const { seq } = find(crash, ({ event }) => event === 'xstate.done.actor.recordRest');
    const { first } = await replay(twice(crash, seq));
    expect(first).toMatchObject({ kind: 'unexpected', seq: seq + 1, expected: 'no recordRest is under way' });
  });

  test('at a timer that fired before its time', async () => {
    const fired = find(hang, ({ event }) => event.startsWith('xstate.after.pingInterval'));
    const later = hang.map((record) => (record.seq < fired.seq ? record : { ...record, atUs: record.atUs - 50_000 }));
    const { first } = await replay(later);
    expect(first).toMatchObject({ kind: 'unexpected', seq: fired.seq });
    expect(first?.expected).toMatch(/^the timer is due \d+ ms later$/);
  });

  test('at a timer that was never armed', async () => {
    const { seq } = find(hang, ({ event }) => event.startsWith('xstate.after.'));
    const { first } = await replay(told(hang, seq, { event: 'xstate.after.helloDeadline.process.Starting' }));
    expect(first).toMatchObject({ kind: 'unexpected', seq, expected: 'no such timer runs' });
  });

  test('at the end of a run that was closed, where the last delivery is missing', async () => {
    const last = crash.at(-1);
    const { first } = await replay(crash.slice(0, -1));
    expect(first).toMatchObject({
      kind: 'missing',
      got: 'the trace ends',
      expected: `${last?.actor} receives xstate.stop`,
    });
  });

  test('at a record of an actor that is not there', async () => {
    const { first } = await replay(told(crash, 40, { actor: 'package/nobody@1.0.0' }));
    expect(first?.seq).toBe(40);
  });
});

describe('the guard that differed is named', () => {
  test('when the recorded state is where another transition of the event leads', async () => {
    const { seq } = find(hang, ({ event, after }) => event === 'heartbeat.missed' && after === 'Killing');
    const { first } = await replay(told(hang, seq, { after: 'Running' }));
    expect(first?.guard).toEqual({
      name: 'missedTwiceAtRest',
      params: null,
      recorded: false,
      today: true,
      alternatives: [],
    });
  });

  test('with its params', async () => {
    const { seq } = find(crash, ({ machine, event }) => machine === 'route' && event === 'route.prepare');
    const { first } = await replay(told(crash, seq, { after: 'Unbinding' }));
    expect(first?.guard).toMatchObject({ name: 'asksToUnbind', recorded: true, today: false });
  });

  test('not where no single one explains the difference', async () => {
    const { seq } = find(crash, ({ event }) => event === 'call.dispatched');
    const { first } = await replay(told(crash, seq, { after: 'Confirming' }));
    expect(first?.guard).toBeNull();
  });
});

test('from a divergence on the record counts: a later difference is told by itself', async () => {
  const { seq } = find(hang, ({ event, after }) => event === 'heartbeat.missed' && after === 'Killing');
  const { divergences, first } = await replay(told(hang, seq, { after: 'Running' }));
  expect(first?.seq).toBe(seq);
  expect(divergences).toBeLessThan(10);
});
