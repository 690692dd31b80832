import { describe, expect, test } from 'vitest';
import { MACHINES, packageMachine, processMachine } from '../../machines/index.js';
import { replay } from '../../src/api/trace.js';
import { machineHash } from '../../src/trace/index.js';
import { historyFile, readHistoryFile } from './recorded/support/histories.js';
import { recordsOf } from './support/changed.js';

const crash = await recordsOf('crash-breaker-half-open');
const hang = await recordsOf('two-processes-one-hangs');
const today = Object.fromEntries(MACHINES.map((machine) => [machine.id, machineHash(machine)]));

/** The machines of another version of the Runner. */
const withPackage = (change: object) => [
  ...MACHINES.filter((machine) => machine !== packageMachine),
  packageMachine.provide(change),
];

describe('a trace replayed on the machines of another version', () => {
  test('shows which machines differ from the ones that wrote it', async () => {
    const { versions, isExact } = await replay(crash, { recorded: { ...today, route: '0123456789ab' } });
    expect(isExact).toBe(true);
    const differing = versions.filter(({ recorded, replayed }) => recorded !== replayed);
    expect(differing).toEqual([{ machine: 'route', recorded: '0123456789ab', replayed: today['route'] }]);
  });

  test('shows the versions its file names', async () => {
    const { header } = await readHistoryFile(historyFile('demo'));
    const { versions } = await replay(historyFile('demo'), { untilSeq: 3 });
    expect(Object.fromEntries(versions.map(({ machine, recorded }) => [machine, recorded]))).toEqual(header.machines);
  });

  test('that restarts later what was restarted at once: how many decisions change, where first, and the guard', async () => {
    const machines = withPackage({ guards: { restartsNow: () => false } });
    const { isExact, first, decisions } = await replay(crash, { machines });
    expect(isExact).toBe(false);
    expect(first?.guard).toMatchObject({ name: 'restartsNow', recorded: true, today: false });
    expect(first?.decision).toMatch(/^package .* · process\.ended$/);
    expect(decisions[0]?.decision).toMatch(/process\.ended \[restartsNow\]$/);
    expect(decisions.every(({ count, firstSeq }) => count >= 1 && firstSeq >= 1)).toBe(true);
  });

  test('that kills at the first missed heartbeat: the state, and the guard', async () => {
    const stricter = processMachine.provide({ guards: { missedTwiceAtRest: () => true } });
    const machines = MACHINES.map((machine) => (machine === processMachine ? stricter : machine));
    const { first } = await replay(hang, { machines });
    expect(first).toMatchObject({ kind: 'state', expected: 'Killing', got: 'Running', event: 'heartbeat.missed' });
    expect(first?.guard).toMatchObject({ name: 'missedTwiceAtRest', recorded: false, today: true });
  });

  test('that waits longer before a restart: the timer that fired too early for it', async () => {
    const later = packageMachine.provide({ delays: { cooldown: () => 900_000 } });
    const machines = MACHINES.map((machine) => (machine === packageMachine ? later : machine));
    const { first } = await replay(crash, { machines });
    expect(first?.event).toMatch(/^xstate\.after\.cooldown/);
    expect(first?.expected).toMatch(/^the timer is due \d+ ms later$/);
  });

  test('that fails on an event: what it says', async () => {
    const failing = withPackage({
      guards: {
        queueIsFull: () => {
          throw new Error('no queue');
        },
        slotIsIdle: () => false,
      },
    });
    const { first } = await replay(await recordsOf('calls-in-trouble'), { machines: failing });
    expect(first?.kind).toBe('failure');
    expect(first?.expected).toContain('no queue');
  });
});

test('a replay stops where it is told to, and says where every actor stood', async () => {
  const { actors, lastSeq, records } = await replay(crash, { untilSeq: 30 });
  expect({ lastSeq, records }).toEqual({ lastSeq: 30, records: 30 });
  expect(actors.map(({ actor }) => actor)).toEqual(expect.arrayContaining(['runner', 'package/station@1.0.0']));
  expect(actors[0]).toMatchObject({ actor: 'runner', machine: 'runner', state: 'Serving' });
});

test('a replay needs the begin of a run', async () => {
  await expect(replay(crash.slice(20))).rejects.toMatchObject({
    faultName: 'store_corrupt',
    message: 'The trace begins at record 21, in the middle of a run.',
  });
});
