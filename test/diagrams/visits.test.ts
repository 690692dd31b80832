import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { heartbeatMachine, MACHINES } from '../../machines/index.js';
import { countVisits, drawMachine, readChart } from '../../src/diagrams/index.js';
import type { Delivered, Visits } from '../../src/diagrams/index.js';
import { readTrace } from '../../src/trace/index.js';
import { machineOf } from './support/charts.js';

const history = (name: string): string =>
  fileURLToPath(new URL(`../replay/recorded/histories/${name}.trace.jsonl`, import.meta.url));

async function recordsOf(name: string): Promise<readonly Delivered[]> {
  const records: Delivered[] = [];
  for await (const record of readTrace(history(name))) records.push(record);
  return records;
}

// eslint-disable-next-line @typescript-eslint/require-await -- what is read from a file comes like this
async function* played(records: readonly Delivered[]): AsyncGenerator<Delivered> {
  yield* records;
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
const takenOf = (id: string, { transitions }: Visits, event: string): number =>
  sum(
    readChart(machineOf(id)).transitions.flatMap((one) => (one.event === event ? [transitions[one.index] ?? 0] : [])),
  );

const NAMES = ['demo', 'crash-breaker-half-open', 'switch-probation-rollback', 'calls-in-trouble'];

describe.each(NAMES)('the counts of the recorded history %s', async (name) => {
  const records = await recordsOf(name);
  const counted = await countVisits(MACHINES, played(records));

  test('are those of its records: every entry into another state is counted once', () => {
    for (const machine of MACHINES) {
      const own = records.filter((record) => record.machine === machine.id);
      const visits = counted.get(machine.id);
      const last = own.filter(({ event }) => event !== 'xstate.stop');
      expect([machine.id, visits?.records, visits?.diverged, visits?.unclear]).toEqual([machine.id, last.length, 0, 0]);
      const entries = new Map<string, number>();
      for (const { before, after } of own) if (before !== after) entries.set(after, (entries.get(after) ?? 0) + 1);
      for (const [state, count] of entries) expect(visits?.states[state] ?? 0, state).toBeGreaterThanOrEqual(count);
    }
  });

  test('take as many transitions for an event as the machine was sent, unless it ignored it', () => {
    for (const [id, event] of [
      ['process', 'call.dispatched'],
      ['package', 'call.requested'],
      ['heartbeat', 'pong.received'],
    ] as const) {
      const sent = records.filter((record) => record.machine === id && record.event === event);
      const moved = sent.filter(({ before, after }) => before !== after).length;
      const taken = takenOf(id, counted.get(id) as Visits, event);
      expect(taken).toBeGreaterThanOrEqual(moved);
      expect(taken).toBeLessThanOrEqual(sent.length);
    }
  });
});

describe('counts', () => {
  test('of one actor leave the others out', async () => {
    const records = await recordsOf('demo');
    const [actor = ''] = records.flatMap((record) => (record.machine === 'package' ? [record.actor] : []));
    const counted = await countVisits(MACHINES, played(records), { actor });
    expect(counted.get('package')?.actors).toEqual([actor]);
    expect(counted.get('process')?.actors.every((path) => path.startsWith(`${actor}/`))).toBe(true);
    expect(counted.get('route')?.records).toBe(0);
  });

  test('of a history whose beginning is missing keep to what it says', async () => {
    const records = await recordsOf('demo');
    const late = await countVisits(MACHINES, played(records.slice(records.length / 2)));
    const { states, transitions, unclear } = late.get('process') as Visits;
    expect(states['Executing']).toBeGreaterThan(0);
    expect(takenOf('process', late.get('process') as Visits, 'call.dispatched')).toBe(states['Executing']);
    expect(sum(transitions) + unclear).toBeGreaterThan(0);
  });

  test('of a machine that went elsewhere follow the record and say so', async () => {
    const beat = { actor: 'x/heartbeat', machine: 'heartbeat', data: {} };
    const input = { timings: { pingIntervalMs: 1, pongGraceMs: 1 } };
    const counted = await countVisits(
      [heartbeatMachine],
      played([
        { ...beat, event: 'xstate.init', data: { input }, before: null, after: 'Resting' },
        { ...beat, event: 'pong.received', before: 'Resting', after: 'Missing' },
        { ...beat, event: 'pong.received', before: 'Missing', after: 'Resting' },
      ]),
    );
    expect(counted.get('heartbeat')).toMatchObject({ diverged: 1, states: { Resting: 2, Missing: 1 } });
    expect(takenOf('heartbeat', counted.get('heartbeat') as Visits, 'pong.received')).toBe(1);
  });
});

describe('a drawing with counts', () => {
  test('shows them, and what was never visited is pale', async () => {
    const counted = await countVisits([heartbeatMachine], played(await recordsOf('demo')));
    const visits = counted.get('heartbeat') as Visits;
    const rests = visits.states['Resting'] ?? 0;
    expect(rests).toBeGreaterThan(0);
    expect(visits.states['Missing']).toBeUndefined();
    const mermaid = await drawMachine(heartbeatMachine, { format: 'mermaid', visits });
    expect(mermaid).toContain(`state "Resting ×${rests}" as Resting`);
    expect(mermaid).toMatch(/class (Awaiting, )?Missing pale/);
    const data = JSON.parse(await drawMachine(heartbeatMachine, { format: 'json', visits })) as {
      states: { path: string; visits: number }[];
    };
    expect(data.states.find(({ path }) => path === 'Resting')?.visits).toBe(rests);
  });
});
