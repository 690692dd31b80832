import { expect, test } from 'vitest';
import type { AnyEventObject } from 'xstate';
import { packageMachine } from '../../../machines/index.js';
import { actText, stateOf, Stepper } from '../../../src/api/trace.js';

/**
 * package/station@1.0.0, records 59 to 71 of crash-breaker-half-open.trace.jsonl, machine version e885eb55787c.
 * Written by `procvision trace export-test`.
 */
const stepper = Stepper.of(packageMachine);

/** Where it stood before, as far as the run until then had led it. */
const START = {
  state: 'Running',
  context: {
    key: 'station@1.0.0',
    policy: {
      timings: {
        helloMs: 30000,
        confirmMs: 20000,
        pingIntervalMs: 60000,
        pongGraceMs: 2000,
        preMs: 10000,
        executeMs: 30000,
        drainMs: 30000,
        shutdownMs: 3000,
        terminateMs: 300,
        reapMs: 5000,
        waitMs: 30000,
        watchMs: 5000,
        rollbackRetryMs: 10000,
        flowIdleMs: 300000,
      },
      restart: {
        immediateRestarts: 1,
        breakerLosses: 3,
        windowMs: 60000,
        backoffMs: 50,
        backoffMsMax: 30000,
        jitterShare: 0.5,
        cooldownMs: 300,
      },
      instances: 1,
      queueLimit: 64,
      retries: 2,
      memory: { replaceBytes: null, killBytes: null },
      probation: { durationMs: 60000, errorsMax: 3, callsMin: 0 },
      fallback: false,
    },
    protocols: [1],
    stored: null,
    target: 'Running',
    wanted: 'running',
    facts: {
      supportedPids: ['A01'],
      launch: {
        command: '/srv/store/algorithms/deployed/station/1.0.0/venv/bin/python',
        args: ['-u', 'station.py'],
        folder: '/srv/store/algorithms/deployed/station/1.0.0',
        environment: {
          PATH: '/srv/store/algorithms/deployed/station/1.0.0/venv/bin:/usr/bin',
          LANG: 'C.UTF-8',
          TMPDIR: '/tmp',
          HOME: '/srv/store/algorithms/deployed/station/1.0.0/.home',
          XDG_CACHE_HOME: '/srv/store/algorithms/deployed/station/1.0.0/.home/.cache',
          XDG_CONFIG_HOME: '/srv/store/algorithms/deployed/station/1.0.0/.home/.config',
          XDG_DATA_HOME: '/srv/store/algorithms/deployed/station/1.0.0/.home/.local/share',
          USER: 'root',
          LOGNAME: 'root',
          VIRTUAL_ENV: '/srv/store/algorithms/deployed/station/1.0.0/venv',
          PYTHONUTF8: '1',
          PROC_ENV: 'prod',
          PROC_ALGO_ROOT: '/srv/store/algorithms/deployed/station/1.0.0',
          PROC_ENTRY_POINT: 'station.py',
        },
      },
    },
    supportedPids: ['A01'],
    fault: null,
    slots: [{ phase: 'ready', call: null, abandoned: false }],
    queue: [],
    turns: [],
    lossesMs: [],
    failedStarts: 0,
    onTrial: false,
    operationId: 0,
  },
  children: ['process/1'],
};

/** Event, the state it leads to, what the machine asks for. */
const STEPS: readonly (readonly [event: AnyEventObject, state: string, acts: readonly string[]])[] = [
  // 59
  [{ type: 'call.requested', callId: 1, pid: 'A01' }, 'Executing', ['sends call.dispatched to process/1']],
  // 62
  [{ type: 'call.settled', slot: 0, callId: 1, outcome: 'result' }, 'Running', ['announces call.settled']],
  // 65
  [{ type: 'call.requested', callId: 2, pid: 'A01', retries: 2 }, 'Executing', ['sends call.dispatched to process/1']],
  // 68
  [
    {
      type: 'call.failed',
      slot: 0,
      callId: 2,
      outcome: 'lost',
      leaving: true,
      fault: {
        code: '3002',
        name: 'process_lost',
        message: 'The process was ended by SIGKILL during execute of step 1 for A01 (call 2).',
        details: {
          exit_code: null,
          signal: 'SIGKILL',
          last_stderr: ['Killed'],
          last_call: { call_id: 2, pid: 'A01', phase: 'execute', step_index: 1, flow_id: 'mx41q3zg-2', running: true },
        },
      },
    },
    'Running.Restarting',
    ['announces call.retried', 'reports package.reported'],
  ],
  // 71
  [
    {
      type: 'process.ended',
      slot: 0,
      fault: {
        code: '3002',
        name: 'process_lost',
        message: 'The process was ended by SIGKILL during execute of step 1 for A01 (call 2).',
        details: {
          exit_code: null,
          signal: 'SIGKILL',
          last_stderr: ['Killed'],
          last_call: { call_id: 2, pid: 'A01', phase: 'execute', step_index: 1, flow_id: 'mx41q3zg-2', running: true },
        },
      },
      atMs: 13522,
      jitter: 0.286336648510769,
    },
    'Running.Restarting',
    ['ends process/1', 'waits 30000 ms for call.waited', 'starts process/1'],
  ],
];

test('package/station@1.0.0 goes from Running to Executing, Running, Executing, Running.Restarting', () => {
  let snapshot = stepper.restored(START.state, START.context, START.children);
  for (const [event, state, acts] of STEPS) {
    const step = event.type === 'xstate.init' ? stepper.initial(event['input']) : stepper.step(snapshot, event);
    expect({ event, state: stateOf(step.snapshot), acts: step.acts.map(actText) }).toEqual({ event, state, acts });
    snapshot = step.snapshot;
  }
});
