import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { assign, setup } from 'xstate';
import type { AnyStateMachine } from 'xstate';
import { heartbeatMachine, packageMachine, processMachine, routeMachine, runnerMachine } from '../../machines/index.js';
import { machineHash } from '../../src/trace/index.js';

interface Parts {
  readonly guard?: string;
  readonly target?: string;
  readonly action?: string;
  readonly delay?: string;
  readonly entry?: string;
  readonly invoke?: string;
  readonly initial?: string;
  readonly description?: string;
  readonly event?: string;
}

/** One machine, built anew each time, with one part changed or none. */
function machineWith(parts: Parts = {}) {
  const { guard = 'isOpen', target = 'B', action = 'count', delay = 'soon', entry = 'greet' } = parts;
  const { invoke = 'work', initial = 'A', description = 'a small machine', event = 'door.opened' } = parts;
  const machine: unknown = setup({
    types: { context: {} as { n: number } },
    guards: { isOpen: () => true, isShut: () => false },
    actions: { count: assign({ n: 1 }), forget: assign({ n: 0 }), greet: () => undefined, wave: () => undefined },
    delays: { soon: 10, late: 10 },
  }).createMachine({
    id: 'small',
    description,
    context: { n: 0 },
    initial,
    states: {
      A: {
        entry: entry as 'greet',
        on: { [event]: { guard: guard as 'isOpen', target, actions: action as 'count' } },
        after: { [delay]: 'C' },
      },
      B: { invoke: { id: 'work', src: invoke, onDone: 'C' } },
      C: {},
    },
  } as never);
  return machine as AnyStateMachine;
}

describe('the version hash of a machine', () => {
  test('is twelve hex digits', () => {
    expect(machineHash(machineWith())).toMatch(/^[0-9a-f]{12}$/);
  });

  test('is the same for the same machine made twice', () => {
    expect(machineHash(machineWith())).toBe(machineHash(machineWith()));
  });

  test.each([
    ['a guard', { guard: 'isShut' }],
    ['a target', { target: 'C' }],
    ['an action', { action: 'forget' }],
    ['an entry action', { entry: 'wave' }],
    ['a delay', { delay: 'late' }],
    ['an invoked effect', { invoke: 'play' }],
    ['the initial state', { initial: 'C' }],
    ['an event', { event: 'door.closed' }],
  ])('changes with %s', (_what, change) => {
    expect(machineHash(machineWith(change))).not.toBe(machineHash(machineWith()));
  });

  test('is not changed by providing what its names stand for', () => {
    const machine = machineWith();
    expect(machineHash(machine.provide({ actions: { greet: () => undefined } }))).toBe(machineHash(machine));
  });

  test('is not changed by other words for the same', () => {
    expect(machineHash(machineWith({ description: 'the same, said better' }))).toBe(machineHash(machineWith()));
  });

  test('tells all machines of the product apart', () => {
    const machines: AnyStateMachine[] = [runnerMachine, packageMachine, processMachine, heartbeatMachine, routeMachine];
    expect(new Set(machines.map((machine) => machineHash(machine))).size).toBe(machines.length);
  });

  test('is the same in another process', () => {
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const script = `import { packageMachine } from './dist/machines/index.js';
      import { machineHash } from './dist/src/trace/index.js';
      process.stdout.write(machineHash(packageMachine));`;
    const elsewhere = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(elsewhere).toBe(machineHash(packageMachine));
  });
});
