import { expect, test } from 'vitest';
import type { TraceRecord } from '../../../src/api/trace.js';
import { ownerOf, readProcess } from './ledgers/processes.js';
import { DowntimeLedger } from './ledgers/trace-downtime.js';
import { TraceLedger } from './ledgers/trace.js';

const OWNER = { id: 'iris@1.0.0_42_1', release: 'iris@1.0.0', osPid: 42 };

test('the ledger of a process is named after its release, its number and its start', () => {
  expect(ownerOf('iris@3.2.0-wrong_info_42_1234.jsonl')).toEqual({
    id: 'iris@3.2.0-wrong_info_42_1234',
    release: 'iris@3.2.0-wrong_info',
    osPid: 42,
  });
  expect(ownerOf('findings.json')).toBeUndefined();
});

test('a ledger cut short by a kill is read as far as its lines are whole', () => {
  const lines = [
    '[1.5,"start","",[42,41]]',
    '[2,"begin",7,"f1","A01","pre",1]',
    '[3,"sign",7]',
    '[4,"reply",7,"OK"]',
    '[5,"begin",8,"f1","A01","execute",1]',
    '[6,"sign",8]',
    '[7,"repl',
  ];
  expect(readProcess(OWNER, lines.join('\n'))).toEqual({
    ...OWNER,
    lineage: [42, 41],
    startedMs: 1.5,
    ill: '',
    left: false,
    attempts: [
      { number: 7, flowId: 'f1', beganMs: 2, lastSignMs: 4, replied: 'OK' },
      { number: 8, flowId: 'f1', beganMs: 5, lastSignMs: 6, replied: null },
    ],
  });
});

const PROCESS = 'package/iris@1.0.0/process/1';
let seq = 0;
const record = (
  actor: string,
  event: string,
  [before, after]: readonly [string, string],
  data: Readonly<Record<string, unknown>> = {},
): TraceRecord => {
  const machine = actor.includes('/process/') ? 'process' : (actor.split('/')[0] ?? '');
  return { seq: ++seq, atUs: seq * 1000, timeMs: seq, actor, machine, event, data, before, after };
};

test('a call is out from its dispatch until its process is done with it; to one that leaves, none goes out', () => {
  const ledger = new TraceLedger();
  for (const one of [
    record(PROCESS, 'os.spawned', ['Starting', 'Starting'], { osPid: 41 }),
    record('package/iris@1.0.0', 'call.requested', ['Running', 'Executing'], { callId: 3 }),
    record(PROCESS, 'call.dispatched', ['Running', 'Executing'], { callId: 3 }),
    record(PROCESS, 'heartbeat.missed', ['Executing', 'Executing.Unresponsive']),
    record(PROCESS, 'os.exited', ['Executing.Unresponsive', 'Stopped']),
    record(PROCESS, 'call.dispatched', ['Killing', 'Killing'], { callId: 4 }),
  ])
    ledger.add(one);
  expect([...ledger.requested]).toEqual([3]);
  expect([...ledger.dispatches.values()]).toEqual([
    [{ callId: 3, release: 'iris@1.0.0', osPid: 41, delivered: true, at: 3, endedAt: 5 }],
    [{ callId: 4, release: 'iris@1.0.0', osPid: 41, delivered: false, at: 6, endedAt: 6 }],
  ]);
});

/** What a trace in which PID A01 is moved from 1.0.0 to 2.0.0 says of its downtime. */
function downtimes(...records: readonly TraceRecord[]) {
  const ledger = new DowntimeLedger();
  const bind = (key: string) => [
    record('route/A01', 'route.prepare', ['Serving', 'Switching'], { key }),
    record('route/A01', 'route.commit', ['Switching', 'Draining']),
  ];
  const first = record('package/iris@1.0.0', 'process.ready', ['Stopped', 'Running']);
  [first, ...bind('iris@1.0.0'), ...records, ...bind('iris@2.0.0'), ready()].forEach((one, i) => {
    ledger.add(one, 1000 * i);
  });
  return ledger.found;
}
const ready = () => record('package/iris@2.0.0', 'process.ready', ['Stopped', 'Running']);

test('a PID moved to a release that is ready has no downtime', () => {
  expect(downtimes(ready())).toEqual([]);
});

test('a PID moved to a release that is not ready is down until it is', () => {
  expect(downtimes()).toEqual([{ pid: 'A01', release: 'iris@2.0.0', lastedMs: 1 }]);
});

test('a PID whose release is stopped under it is down until it is moved', () => {
  const stopped = record('package/iris@1.0.0', 'package.stop', ['Running', 'Running.Stopping']);
  expect(downtimes(ready(), stopped)).toEqual([{ pid: 'A01', release: 'iris@1.0.0', lastedMs: 2 }]);
});

test('a release that lost its process is not down because of a switch', () => {
  const lost = record('package/iris@1.0.0', 'process.ended', ['Running', 'Running.Restarting']);
  const givenUp = record('package/iris@1.0.0', 'process.ended', ['Running.Restarting', 'Stopped']);
  expect(downtimes(ready(), lost, givenUp)).toEqual([]);
});
