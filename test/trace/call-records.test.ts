import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { servingPackage } from './support/serving-package.js';
import { readAll, recorderIn, scratchFolder } from './support/traces.js';

const CALLS = 2000;
/** A call is that many deliveries: asked, dispatched, answered, settled. */
const DELIVERIES = 4;

test('a record of a call takes at most 32 bytes, and a call at most six of them', async () => {
  const recorder = recorderIn(scratchFolder());
  const release = await servingPackage(recorder);
  release.call(1);
  recorder.flush();
  const before = { bytes: statSync(recorder.file()).size, records: recorder.count() };
  // Real ids are long after a while.
  for (let callId = 1_000_000; callId < 1_000_000 + CALLS; callId++) release.call(callId);
  recorder.flush();
  const bytes = statSync(recorder.file()).size - before.bytes;
  const records = recorder.count() - before.records;
  release.stop();
  recorder.close();

  expect(records).toBe(CALLS * DELIVERIES);
  expect(bytes / records).toBeLessThanOrEqual(32);
  const { records: read } = await readAll(recorder.file());
  const last = read.filter(({ data }) => data['callId'] === 1_000_000 + CALLS - 1).map(({ event }) => event);
  expect(last).toEqual(['call.requested', 'call.dispatched', 'call.answered', 'call.settled']);
});
