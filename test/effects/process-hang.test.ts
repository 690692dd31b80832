import { describe, expect, test } from 'vitest';
import { resourceWatchWorks } from '../../src/platform/index.js';
import { startProcess } from './support/process-rig.js';
import type { ProcessRig } from './support/process-rig.js';

/** Short, to see within a test what does not answer … */
const IMPATIENT = { pingIntervalMs: 100, pongGraceMs: 200, watchMs: 100 };
/** … and patient where an answer is expected of a busy machine. */
const PATIENT = { pingIntervalMs: 100, pongGraceMs: 5000, watchMs: 150 };

async function called(program: 'hangs' | 'is_slow', told: object, timings = IMPATIENT) {
  const rig = await startProcess(program, { timings }).ready();
  const deadlineMs = program === 'hangs' ? 1500 : 20_000;
  const settled = await rig.call({ deadlineMs, fields: { userParams: { ...told } } });
  return { rig, settled, states: rig.states.slice(rig.states.indexOf('Executing')) };
}

/** The most CPU it used over an interval of its call. */
function cpuOf(rig: ProcessRig): number {
  const samples = rig.events.all.filter(({ type, callId }) => type === 'resources.sampled' && callId !== 0);
  expect(samples).not.toEqual([]);
  return Math.max(...samples.map(({ cpuPercent }) => cpuPercent as number));
}

describe('a process that hangs in a call is seen, and only the deadline of the call ends it', () => {
  test.each([
    ['stop', 'it was stopped', [0, 1]],
    ['hold the GIL', 'native code lets no other thread run', [5, 150]],
    ['block stdout', 'neither a reply nor a pong gets out', [0, 150]],
  ] as const)('%s: Executing.Unresponsive, because %s', async (how, _why, [cpuMin, cpuMax]) => {
    const { rig, states, settled } = await called('hangs', { do: how });
    expect(states).toContain('Executing.Unresponsive');
    expect(settled).toMatchObject({ type: 'call.failed', outcome: 'timed_out', fault: { code: '1005' } });
    expect(rig.events.count('heartbeat.missed')).toBeGreaterThanOrEqual(2);
    if (resourceWatchWorks()) {
      expect(cpuOf(rig)).toBeGreaterThanOrEqual(cpuMin);
      expect(cpuOf(rig)).toBeLessThan(cpuMax);
    }
    await rig.next('process.ended');
    expect(rig.events.seen('os.exited')).toMatchObject({ fault: { details: { signal: 'SIGKILL' } } });
  });

  test.runIf(resourceWatchWorks())(
    'sleep: Executing.Stalled, because it answers pings and computes nothing',
    async () => {
      const { rig, states, settled } = await called('hangs', { do: 'sleep' }, PATIENT);
      expect(states).toContain('Executing.Stalled');
      expect(states).not.toContain('Executing.Unresponsive');
      expect(settled).toMatchObject({ outcome: 'timed_out', fault: { code: '1005' } });
      expect(rig.events.count('heartbeat.missed')).toBe(0);
    },
  );
});

describe('a slow process is not a hung one', () => {
  test('that works: Executing all the time, and it answers', async () => {
    const { states, settled, rig } = await called('is_slow', { slow_ms: 1200 }, { ...PATIENT, watchMs: 400 });
    expect(settled).toMatchObject({ outcome: 'result' });
    expect(states).toEqual(['Executing', 'Running']);
    expect(rig.events.count('pong.received')).toBeGreaterThan(1);
  });

  test.runIf(resourceWatchWorks())('that waits is Stalled for a while, and answers', async () => {
    const { states, settled } = await called('is_slow', { slow_ms: 700, working: false }, PATIENT);
    expect(settled).toMatchObject({ outcome: 'result' });
    expect(states).toContain('Executing.Stalled');
    expect(states.at(-1)).toBe('Running');
  });

  test('that was stopped and goes on is Executing again, and answers', async () => {
    const timings = { ...IMPATIENT, watchMs: 0 };
    const rig = await startProcess('is_slow', { args: ['{"slow_ms":1000}'], timings }).ready();
    const settled = rig.call();
    await rig.events.next('call.dispatched');
    process.kill(rig.osPid, 'SIGSTOP');
    await rig.events.next('heartbeat.missed');
    process.kill(rig.osPid, 'SIGCONT');
    await rig.events.next('heartbeat.recovered');
    expect(await settled).toMatchObject({ outcome: 'result' });
    const states = rig.states.slice(rig.states.indexOf('Executing'));
    // A busy machine may answer a ping late once more.
    expect(states.slice(0, 3)).toEqual(['Executing', 'Executing.Unresponsive', 'Executing']);
    expect(states.at(-1)).toBe('Running');
  });
});
