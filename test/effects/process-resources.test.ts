import { describe, expect, test } from 'vitest';
import type { AnyEventObject } from 'xstate';
import { probeIsolation } from '../../src/effects/index.js';
import { resourceWatchWorks } from '../../src/platform/index.js';
import type { ResourceSample } from '../../src/effects/os-process/resource-watch.js';
import { startProcess } from './support/process-rig.js';
import type { ProcessRig } from './support/process-rig.js';

const isolation = await probeIsolation();
const MIB = 1024 * 1024;
const OFTEN = { watchMs: 100 };

type Sample = ResourceSample & { readonly callId: number };

/** The next sample that is so. */
const sample = async (rig: ProcessRig, wanted: (sample: Sample) => boolean): Promise<Sample> =>
  (await rig.events.nextWhere(
    (event) => event.type === 'resources.sampled' && wanted(event as unknown as Sample),
  )) as unknown as Sample;

const callOf = (event: AnyEventObject): unknown => event['callId'];

describe.runIf(resourceWatchWorks())('what a process takes of the machine', () => {
  test.each([...new Set(['group', isolation.level])])(
    '%s: includes what its children take, in whatever session they are',
    async (level) => {
      const services = level === isolation.level ? { isolation } : {};
      const rig = await startProcess('works_in_children', { timings: OFTEN, services }).ready();
      const { residentBytes: before } = await sample(rig, () => true);
      const { reply } = await rig.call();
      const seen = await sample(
        rig,
        ({ cpuPercent, residentBytes }) => cpuPercent > 10 && residentBytes > before + 60 * MIB,
      );
      expect(seen.residentBytes).toBeLessThan(before + 150 * MIB);
      if (reply?.outcome !== 'result') throw new Error('no result');
      if (level === 'group') process.kill(reply.data['computing'] as number, 'SIGKILL'); // out of the group's reach
    },
  );

  test('can be seen beside the process while it lives', async () => {
    const rig = await startProcess('behaves', { timings: OFTEN }).ready();
    // The first looks may see the tools in front of Python.
    await sample(rig, (seen) => seen.residentBytes > 4 * MIB);
    const last = rig.events.all.findLast(({ type }) => type === 'resources.sampled');
    expect(last).toMatchObject(rig.services.processes.get(rig.osPid)?.resources ?? { cpuPercent: 'missing' });
    await rig.leave();
    const { length } = rig.events.all;
    await new Promise((resolve) => setTimeout(resolve, 250)); // two intervals: nothing may come of them
    expect(rig.events.all.length).toBe(length);
  });

  test('is not looked at where nobody wants to know', async () => {
    const rig = await startProcess('is_slow', { args: ['{"slow_ms":250}'], timings: { watchMs: 0 } }).ready();
    await rig.call();
    expect(rig.events.count('resources.sampled')).toBe(0);
  });

  test('names the call that ran during the whole interval, and no other', async () => {
    const rig = await startProcess('is_slow', { timings: { watchMs: 300 } }).ready();
    const long = await rig.call({ fields: { userParams: { slow_ms: 1500 } } });
    const named = rig.events.all.filter(({ type, callId }) => type === 'resources.sampled' && callId !== 0);
    expect(named.length).toBeGreaterThanOrEqual(2);
    expect(new Set(named.map(callOf))).toEqual(new Set([long.call.callId]));
    // Each of them is shorter than an interval, though there is hardly a moment without one.
    const enough = rig.events.count('resources.sampled') + 3;
    while (rig.events.count('resources.sampled') < enough) await rig.call({ fields: { userParams: { slow_ms: 20 } } });
    const samples = rig.events.all.filter(({ type }) => type === 'resources.sampled').slice(-2);
    expect(samples.map(callOf)).toEqual([0, 0]);
  });
});

describe.runIf(resourceWatchWorks())('a process that takes too much memory', () => {
  test('is replaced once its call is answered', async () => {
    const memory = { replaceBytes: 64 * MIB };
    const rig = await startProcess('leaks', { timings: OFTEN, memory }).ready();
    expect(await rig.call({ fields: { userParams: { leak_mb: 1 } } })).toMatchObject({ outcome: 'result' });
    const settled = await rig.call({ fields: { userParams: { leak_mb: 100, hold_ms: 400 } } });
    expect(settled).toMatchObject({ outcome: 'result', reply: { data: { hoard_mb: 101 } } });
    expect(await rig.next('process.ended')).toMatchObject({ fault: { code: '3023', name: 'memory_exceeded' } });
    expect(rig.events.seen('os.exited')).toMatchObject({ fault: { details: { exit_code: 0 } } });
  });

  test('at rest is replaced without a call', async () => {
    const rig = await startProcess('leaks', { timings: OFTEN, memory: { replaceBytes: 64 * MIB } }).ready();
    expect(await rig.call({ fields: { userParams: { leak_mb: 100, late_ms: 50 } } })).toMatchObject({
      outcome: 'result',
    });
    expect(await rig.next('process.leaving')).toMatchObject({ fault: { code: '3023' } });
    await rig.next('process.ended');
  });

  test('above the hard limit is killed amid its call', async () => {
    const rig = await startProcess('leaks', { timings: OFTEN, memory: { killBytes: 64 * MIB } }).ready();
    const settled = await rig.call({ fields: { userParams: { leak_mb: 100, hold_ms: 20_000 } } });
    expect(settled).toMatchObject({ outcome: 'lost', fault: { code: '3023' } });
    await rig.next('process.ended');
    expect(rig.events.seen('os.exited')).toMatchObject({ fault: { details: { signal: 'SIGKILL' } } });
  });
});
