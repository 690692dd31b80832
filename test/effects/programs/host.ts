/**
 * `host.ts <isolation as JSON> <program> <cookie> <program> <cookie> …`: a host that keeps these fixture programs
 * running under the real machine and effect. Says `ready` when all of them are, then obeys `exit` (leaves in good order,
 * without asking anybody) and `throw` (leaves in disorder). Meant to be killed.
 */
import { createInterface } from 'node:readline';
import { createActor, setup } from 'xstate';
import { NO_MEMORY_LIMITS } from '../../../machines/process.events.js';
import { processMachine } from '../../../machines/process.machine.js';
import { DEFAULT_TIMINGS } from '../../../machines/timings.js';
import { runOsProcess } from '../../../src/effects/os-process/index.js';
import type { Isolation } from '../../../src/platform/index.js';
import { stubServices } from '../support/stub-services.js';

const [isolation = '', python = '', folder = '', ...programs] = process.argv.slice(2);
const services = stubServices({ isolation: JSON.parse(isolation) as Isolation });
const logic = processMachine.provide({ actors: { runOsProcess: runOsProcess(services) } });

function run(program: string, cookie: string): Promise<void> {
  const launch = {
    command: python,
    args: ['-S', '-u', `${folder}${program}.py`],
    folder,
    environment: { PATH: process.env['PATH'] ?? '', PYTHONDONTWRITEBYTECODE: '1', PROCVISION_TEST_COOKIE: cookie },
  };
  const input = {
    key: 'stub@1.0.0',
    slot: 0,
    protocols: [1],
    timings: DEFAULT_TIMINGS,
    memory: NO_MEMORY_LIMITS,
    launch,
  };
  const machine = setup({ actors: { process: logic } }).createMachine({
    id: 'stub',
    invoke: { id: 'process/1', src: 'process', input },
  });
  return new Promise((resolve) => {
    createActor(machine, {
      inspect: (seen) => {
        if (seen.type === '@xstate.event' && seen.event.type === 'process.ready') resolve();
      },
    }).start();
  });
}

const pairs = programs.flatMap((program, i) => (i % 2 === 0 ? [[program, programs[i + 1] ?? ''] as const] : []));
await Promise.all(pairs.map(([program, cookie]) => run(program, cookie)));
process.stdout.write('ready\n');

for await (const command of createInterface({ input: process.stdin })) {
  if (command === 'exit') process.exit(0);
  if (command === 'throw') throw new Error('the host has a defect');
}
