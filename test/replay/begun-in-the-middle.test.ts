import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { countVisits, MACHINES } from '../../src/api/diagrams.js';
import { nextEvents, replay, sequenceOf, walkRun, whyActor } from '../../src/api/trace.js';
import type { TraceRecord } from '../../src/api/trace.js';
import { stationZip } from '../runner/support/packages.js';
import { openRunner } from '../runner/support/runners.js';
import { call, station, told } from '../runner/support/station.js';

const STATION = station(1);
const PACKAGE = `package/${STATION}`;

/** The trace of a Runner that has lived so long that what it began with is gone. */
let file = '';

beforeAll(async () => {
  const runner = await openRunner({
    trace: { fileBytesMax: 1_000, bytesMax: 60_000 },
    restart: { immediateRestarts: 10, breakerLosses: 20 },
  });
  await runner.install(stationZip());
  await runner.activate(STATION, ['A01']);
  for (let i = 0; i < 40; i++) await call(runner, 'A01', 'sleep 20');
  process.kill(told(await call(runner, 'A01')).os_pid, 'SIGKILL');
  await call(runner, 'A01', 'OK', { retries: 1 });
  file = runner.traceFile ?? '';
  await runner.close();
});

const parts = (): readonly string[] => readdirSync(dirname(file)).filter((name) => name.endsWith('.trace.jsonl'));

describe('a run whose first files rotation has removed', () => {
  test('begins where every actor stood when the oldest file kept was begun', async () => {
    expect(parts().length).toBeGreaterThan(1);
    expect(parts().some((name) => name.includes('.0001.'))).toBe(false);
    const standing: TraceRecord[] = [];
    for await (const record of walkRun(file)) {
      if (record.event !== 'trace.standing') break;
      standing.push(record);
    }
    const stood = Object.fromEntries(standing.map(({ actor, after }) => [actor, after]));
    expect(stood).toMatchObject({ runner: 'Serving', [PACKAGE]: expect.any(String) as string, 'route/A01': 'Serving' });
  });

  test('is replayed exactly from there to its end', async () => {
    const report = await replay(file);
    expect(report).toMatchObject({ isExact: true, first: null, isFromBegin: false });
    expect(report.records).toBeGreaterThan(20);
    expect(report.actors).toEqual([]);
  });

  test('names a changed record as the first divergence', async () => {
    const records: TraceRecord[] = [];
    for await (const record of walkRun(file)) records.push(record);
    const crashed = records.find(({ actor, event }) => actor === PACKAGE && event === 'process.ended');
    const changed = records.map((record) => (record === crashed ? { ...record, after: 'Stopped.Recording' } : record));
    expect((await replay(changed)).first).toMatchObject({ seq: crashed?.seq, kind: 'state', actor: PACKAGE });
  });

  test('gives a sequence of an actor from its middle on, with what it knew', async () => {
    const sequence = await sequenceOf(file, { actor: PACKAGE });
    expect(sequence.divergences).toBe(0);
    expect(sequence.start).toMatchObject({ context: { key: STATION } });
  });

  test('tells why an actor is where it is, and what would take it away', async () => {
    const why = await whyActor(walkRun(file), STATION);
    expect(why.links.at(-1)?.sentence).not.toBe('');
    const next = await nextEvents(walkRun(file), STATION);
    expect(next).toMatchObject({ actor: PACKAGE, hasEnded: true });
  });

  test('is counted transition by transition', async () => {
    const visits = (await countVisits(MACHINES, walkRun(file))).get('package');
    expect(visits).toMatchObject({ diverged: 0, unclear: 0 });
  });
});
