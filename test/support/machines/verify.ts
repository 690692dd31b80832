import fc from 'fast-check';
import { expect } from 'vitest';
import {
  heartbeatMachine,
  packageMachine,
  processMachine,
  routeMachine,
  runnerMachine,
} from '../../../machines/index.js';
import { Coverage } from './coverage.js';
import { anyHistory, live } from './history.js';
import { Lifecycle } from './lifecycle.js';
import { seed } from './seed.js';
import { stateOf } from './stepper.js';
import type { Watch } from './watches.js';
import { World } from './world.js';

const MACHINES = [runnerMachine, packageMachine, processMachine, heartbeatMachine, routeMachine];
const RUNS = 240;

/** What all property runs of this file took together. */
export const together = new Coverage(MACHINES);

export interface Property {
  readonly name: string;
  readonly watch: () => Watch;
  /** How the world goes on after the history; nothing by default. */
  readonly end?: (world: World, after: (world: World) => void) => void;
}

/**
 * Lives through many histories under one watch.
 *
 * @throws with the history in words when the watch finds something wrong; also when the histories were too tame to mean
 *   anything: an arrow of the lifecycle never taken, or fewer than half of them ever executing
 */
export function verify({ name, watch, end }: Property): void {
  const coverage = new Coverage(MACHINES);
  const lifecycle = new Lifecycle();
  let histories = 0;
  let executed = 0;
  const property = fc.property(anyHistory({ minLength: 60, maxLength: 160 }), (history) => {
    const eye = watch();
    let executing = false;
    const world = new World(history, (delivery) => {
      coverage.add(delivery.step);
      together.add(delivery.step);
      lifecycle.see(delivery);
      executing ||= stateOf(delivery.step.snapshot) === 'Executing';
    });
    narrated(world, () => {
      const judge = () => complain(eye.after?.(world) ?? []);
      live(world, history, judge);
      histories += 1;
      executed += executing ? 1 : 0;
      if (end === undefined) return;
      end(world, judge);
      complain(eye.atRest?.(world) ?? []);
    });
  });
  fc.assert(property, {
    numRuns: RUNS,
    seed: seedFor(name),
    interruptAfterTimeLimit: 15_000,
    markInterruptAsFailure: true,
  });
  process.stdout.write(`${name}: ${histories} histories, ${executed} executing; ${coverage.summary}\n`);
  expect(lifecycle.missing, 'arrows of the lifecycle that no history took').toEqual([]);
  expect(executed, 'histories that reached Executing').toBeGreaterThanOrEqual(histories / 2);
}

/** Every property lives through histories of its own; the same name and base give the same ones. */
const seedFor = (name: string): number =>
  [...name].reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0, seed);

function complain(wrong: readonly string[]): void {
  if (wrong.length > 0) throw new Error(wrong.join('; '));
}

/** Whatever goes wrong is told with the history that led there. */
function narrated(world: World, work: () => void): void {
  try {
    work();
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const lines = world.history.map((line, i) => `${i + 1}. ${line}`);
    throw new Error([what, 'after', ...lines].join('\n'), { cause: error });
  }
}
