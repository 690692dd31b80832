import { describe, expect, test } from 'vitest';
import { filterTrace, traceStats } from '../../src/api/trace.js';
import type { TraceFilter } from '../../src/api/trace.js';
import { inTurn, recordsOf } from './support/by-hand.js';

const PACKAGE = 'package/x@1.0.0';
const PROCESS = `${PACKAGE}/process/1`;
const LOST = { code: '3002', name: 'process_lost', message: 'gone' };

/** Two calls on two PIDs, the second of which takes its process with it. */
const RECORDS = recordsOf(
  { actor: 'runner', event: 'xstate.init', before: null, after: 'Serving' },
  { actor: PROCESS, event: 'xstate.init', before: null, after: 'Running' },
  { actor: PACKAGE, event: 'xstate.init', before: null, after: 'Running', data: { input: { fault: LOST } } },
  { actor: PACKAGE, event: 'call.requested', before: 'Running', after: 'Executing', data: { callId: 1, pid: 'A01' } },
  { actor: PROCESS, event: 'call.dispatched', before: 'Running', after: 'Executing', data: { callId: 1 } },
  { actor: PROCESS, event: 'resources.sampled', before: 'Executing', data: { callId: 0, cpuPercent: 1 } },
  { actor: PROCESS, event: 'call.answered', before: 'Executing', after: 'Running', data: { callId: 1 } },
  { actor: PACKAGE, event: 'call.settled', before: 'Executing', after: 'Running', data: { callId: 1, slot: 0 } },
  { actor: PACKAGE, event: 'call.requested', before: 'Running', after: 'Executing', data: { callId: 2, pid: 'A02' } },
  { actor: PROCESS, event: 'call.dispatched', before: 'Running', after: 'Executing', data: { callId: 2 } },
  { actor: PROCESS, event: 'os.exited', before: 'Executing', after: 'Stopped', data: { fault: LOST } },
  {
    ...{ actor: PACKAGE, event: 'call.settled', before: 'Executing', after: 'Running.Restarting' },
    data: { callId: 2, slot: 0, outcome: 'lost', fault: LOST },
  },
  { actor: PACKAGE, event: 'process.ended', before: 'Running.Restarting', data: { slot: 0, fault: LOST } },
  { actor: 'route/A02', event: 'release.changed', data: { key: 'x@1.0.0', fault: LOST } },
  { actor: PROCESS, event: 'xstate.init', before: null, after: 'Starting' },
  {
    ...{ actor: 'changeover/A03', event: 'xstate.init', before: null, after: 'Preparing' },
    data: { input: { operationId: 7, pids: ['A03', 'A01'], key: 'x@1.0.0' } },
  },
  { actor: 'changeover/A03', event: 'changeover.cancel', before: 'Preparing', after: 'Aborting' },
);

async function found(filter: TraceFilter): Promise<number[]> {
  const seqs: number[] = [];
  for await (const { seq } of filterTrace(inTurn(RECORDS), filter)) seqs.push(seq);
  return seqs;
}

describe('a filter finds', () => {
  const ALL = RECORDS.map(({ seq }) => seq);
  test.each<[what: string, filter: TraceFilter, seqs: number[]]>([
    ['everything when nothing is asked', {}, ALL],
    ['an actor with all that is below it', { actor: PACKAGE }, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15]],
    ['one process', { actor: PROCESS }, [2, 5, 6, 7, 10, 11, 15]],
    ['no other actor whose name begins alike', { actor: 'package/x@1.0' }, []],
    ['a call with all its records, also those that do not name it', { callId: 2 }, [9, 10, 11, 12]],
    ['what happened while a call ran', { callId: 1 }, [4, 5, 6, 7, 8]],
    ['a product id by its calls, its route and its changes', { pid: 'A02' }, [9, 10, 11, 12, 14]],
    ['every PID of a change, in all of its records', { pid: 'A01' }, [4, 5, 6, 7, 8, 16, 17]],
    ['a release by its actors and by what is about it', { release: 'x@1.0.0', actor: 'route' }, [14]],
    ['an event', { event: 'call.settled' }, [8, 12]],
    ['events that begin alike', { event: 'call.*', callId: 1 }, [4, 5, 7, 8]],
    ['failures, but not who only says where it stands', { failed: true }, [11, 12, 13]],
    ['a stretch of time', { sinceMs: 1_700_000_000_003, untilMs: 1_700_000_000_005 }, [4, 5, 6]],
    ['a stretch of numbers', { fromSeq: 15, toSeq: 16 }, [15, 16]],
    ['what fits all of it', { actor: PACKAGE, failed: true, callId: 2 }, [11, 12]],
  ])('%s', async (_what, filter, seqs) => {
    expect(await found(filter)).toEqual(seqs);
  });
});

describe('statistics', () => {
  test('add up the time in each state, with the state it is still in', async () => {
    const { durationMs, records, actors } = await traceStats(inTurn(RECORDS));
    expect({ durationMs, records }).toEqual({ durationMs: 16, records: 17 });
    const times = Object.fromEntries(
      actors.map(({ actor, states }) => [
        actor,
        Object.fromEntries(states.map(({ state, durationMs: ms }) => [state, ms])),
      ]),
    );
    expect(times).toEqual({
      runner: { Serving: 16 },
      [PACKAGE]: { Running: 2, Executing: 7, 'Running.Restarting': 5 },
      [PROCESS]: { Running: 6, Executing: 3, Stopped: 4, Starting: 2 },
      'route/A02': { Serving: 16 },
      'changeover/A03': { Preparing: 1, Aborting: 0 },
    });
  });

  test('count losses and restarts for the process and for its package', async () => {
    const { actors } = await traceStats(inTurn(RECORDS));
    const counted = (actor: string) => {
      const { losses, restarts } = actors.find((each) => each.actor === actor) ?? {};
      return { losses, restarts };
    };
    expect(counted(PACKAGE)).toEqual({ losses: 1, restarts: 1 });
    expect(counted(PROCESS)).toEqual({ losses: 1, restarts: 1 });
    expect(counted('runner')).toEqual({ losses: 0, restarts: 0 });
  });

  test('count what changed a state, in all and a minute', async () => {
    const { transitions, transitionsPerMinute, actors } = await traceStats(inTurn(RECORDS));
    const byActor = Object.fromEntries(actors.map(({ actor, transitions: count }) => [actor, count]));
    expect(byActor).toEqual({ runner: 0, [PACKAGE]: 4, [PROCESS]: 5, 'route/A02': 0, 'changeover/A03': 1 });
    expect(transitions).toBe(10);
    expect(transitionsPerMinute).toBeCloseTo((10 * 60_000) / 16, 6);
  });

  test('of nothing are nothing', async () => {
    expect(await traceStats(inTurn([]))).toEqual({
      ...{
        records: 0,
        missing: 0,
        transitions: 0,
        transitionsPerMinute: 0,
        startedMs: null,
        durationMs: 0,
        actors: [],
      },
    });
  });
});
