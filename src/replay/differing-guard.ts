import type { AnyEventObject, AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import type { Step } from '../stepping/index.js';
import { Stepper } from '../stepping/index.js';
import type { DifferingGuard } from './divergence.js';
import { carried } from './snapshots.js';

/** What would have happened had one guard said the opposite. */
export interface OtherOutcome {
  readonly guard: DifferingGuard;
  readonly step: Step;
}

interface Judged {
  readonly name: string;
  readonly params: unknown;
  readonly outcome: boolean;
}

/** Every guard that was asked, in order; the one with this number says the opposite. */
let asked: Judged[] = [];
let turned = -1;

type Guard = (args: never, params: unknown) => boolean;

/** Machines whose guards are listened to, by the machine they are made of. */
const listenedTo = new WeakMap<AnyStateMachine, Stepper>();

/**
 * Looks for the guard that explains a difference: each one the machine asked is turned round, alone, until the outcome
 * is the recorded one.
 *
 * @param isRecorded whether a step is the one that was recorded
 */
export function differingGuard(
  stepper: Stepper,
  before: AnyMachineSnapshot,
  event: AnyEventObject,
  isRecorded: (step: Step) => boolean,
): OtherOutcome | null {
  const judged = listening(stepper.original);
  const found: OtherOutcome[] = [];
  for (let number = -1, last = 0; number < last; number++) {
    asked = [];
    turned = number;
    const step = attempt(() => judged.step(carried(before, judged.machine), event));
    if (number === -1) last = asked.length;
    const one = asked[number];
    if (step === null || one === undefined || !isRecorded(step)) continue;
    const alternatives = found.map(({ guard }) => guard.name);
    const guard = {
      name: one.name,
      params: one.params ?? null,
      recorded: !one.outcome,
      today: one.outcome,
      alternatives,
    };
    found.push({ guard, step: { ...step, snapshot: carried(step.snapshot, stepper.machine) } });
  }
  // The rare is ruled out before the common is asked for.
  return found.at(-1) ?? null;
}

function listening(machine: AnyStateMachine): Stepper {
  const known = listenedTo.get(machine);
  if (known !== undefined) return known;
  const guards = Object.entries(machine.implementations.guards as Record<string, Guard>).map(([name, guard]) => {
    const listened: Guard = (args, params) => {
      const outcome = guard(args, params);
      asked.push({ name, params, outcome });
      return asked.length - 1 === turned ? !outcome : outcome;
    };
    return [name, listened] as const;
  });
  const stepper = Stepper.alone(machine.provide({ guards: Object.fromEntries(guards) as never }));
  listenedTo.set(machine, stepper);
  return stepper;
}

/** A guard turned round may lead where the machine cannot go. */
function attempt(step: () => Step): Step | null {
  try {
    return step();
  } catch {
    return null;
  }
}
