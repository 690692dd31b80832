import { expect, test } from 'vitest';
import { CallInFlight } from '../../src/effects/os-process/call-in-flight.js';
import { systemClock } from '../../src/platform/index.js';
import type { PendingCall } from '../../src/effects/index.js';

const call = {
  callId: 7,
  pid: 'A01',
  flowId: 'f-1',
  phase: 'execute',
  attempts: 0,
  fields: { requestId: 'c-7', stepIndex: 1 },
} as unknown as PendingCall;

test('a line of standard error belongs to the call in flight, and to the one just answered: two pipes overtake', () => {
  let nowMs = 1000;
  const inFlight = new CallInFlight(() => undefined, { ...systemClock, nowMs: () => nowMs });
  expect(inFlight.speaking).toBeNull();
  inFlight.begin(call);
  nowMs += 60_000;
  expect(inFlight.speaking).toMatchObject({ flow_id: 'f-1', pid: 'A01' });
  inFlight.settle('duplicate');
  nowMs += 200;
  expect(inFlight.speaking).toMatchObject({ flow_id: 'f-1', pid: 'A01' });
  nowMs += 1;
  expect(inFlight.speaking).toBeNull();
});
