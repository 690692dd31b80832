import { expect, test, vi } from 'vitest';
import { readRun } from '../../src/api/trace.js';
import type { TraceRecord } from '../../src/api/trace.js';
import { stationZip } from '../runner/support/packages.js';
import { openRunner } from '../runner/support/runners.js';
import { call } from '../runner/support/station.js';
import { STATION } from './support/story.js';

test('runner.trace gives a Runner from its first record to its last, while it lives, as its file has it', async () => {
  const runner = await openRunner();
  const seen: TraceRecord[] = [];
  const watching = (async () => {
    for await (const record of runner.trace.records({ fromSeq: 1 })) seen.push(record);
  })();
  await runner.install(stationZip());
  await runner.activate(STATION, ['A01']);
  await call(runner, 'A01');
  await vi.waitFor(() => expect(seen.map(({ event }) => event)).toContain('call.settled'));
  const file = runner.traceFile ?? '';
  await runner.close();
  await watching;
  const written: TraceRecord[] = [];
  for await (const record of readRun(file)) written.push(record);
  expect(seen).toEqual(written);
  expect(seen.at(-1)?.seq).toBe(runner.trace.lastSeq);
});

test('a listener may use the Runner: it is called when nothing is being processed', async () => {
  const runner = await openRunner();
  await runner.install(stationZip());
  const activated = new Promise((resolve, reject) => {
    const subscription = runner.trace.subscribe(
      ({ actor, after }) => {
        if (actor !== `package/${STATION}` || after !== 'Running') return;
        subscription.unsubscribe();
        runner.activate(STATION, ['A01']).then(resolve, reject);
      },
      { fromSeq: 1 },
    );
  });
  await activated;
  expect(runner.routeOf('A01')).toBe(STATION);
  await runner.close();
});

test('a Runner without a trace says so', async () => {
  const runner = await openRunner({ trace: false });
  expect(runner.traceFile).toBeNull();
  expect(() => runner.trace.subscribe(() => undefined)).toThrow('This Runner keeps no trace.');
  await runner.close();
});
