/**
 * States an actor stays in until something happens to it, by machine; the others it passes through on its way. States of
 * one kind are written together: moves between them are daily work and explain nothing.
 */
const KINDS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  runner: [['Serving']],
  package: [
    ['Validated.Waiting'],
    ['Deployed.Idle'],
    ['Running', 'Executing'],
    ['Stopped.Idle'],
    ['Stopped.Cooling'],
    ['Invalid.Waiting'],
  ],
  process: [['Running', 'Executing', 'Executing.Unresponsive', 'Executing.Stalled', 'Executing.Outgrown']],
  heartbeat: [['Resting', 'Awaiting']],
  route: [['Unbound'], ['Serving'], ['Probation', 'Probation.Extended']],
};

const kindOf = (machine: string, state: string): number =>
  (KINDS[machine] ?? []).findIndex((kind) => kind.includes(state));

export const isRestingPoint = (machine: string, state: string): boolean => kindOf(machine, state) >= 0;

/** Both the same state, or of one kind. */
export const isSameStay = (machine: string, a: string, b: string): boolean =>
  a === b || (kindOf(machine, a) >= 0 && kindOf(machine, a) === kindOf(machine, b));
