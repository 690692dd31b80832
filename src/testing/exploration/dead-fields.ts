import { hasTag } from '../../../machines/index.js';
import { sortedByName } from './interning.js';
import type { ProbationPolicy, RoutePolicy, Trial } from '../../../machines/index.js';

/** What a machine keeps although nothing can depend on it any more: states that differ in nothing else are one. */
type Dead = (state: string, context: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

const DEAD: Readonly<Record<string, Dead>> = {
  // Judged only while a call runs.
  process: (state) => ({
    ...(hasTag('process', state, 'executing') ? {} : { callId: 0 }),
    ...(state === 'Confirming' ? {} : { confirmedByInfo: false, helloAfterMs: 0 }),
  }),
  // Of the operation that is answered once the probation is over; of what was seen during it; of a change under way.
  route: (state, { onProbation, candidate, trial, policy }) => ({
    ...(state === 'Confirming' ? {} : { operationId: 0 }),
    trial: onProbation === true ? whatCounts(trial as Trial, (policy as RoutePolicy).probation) : null,
    ...(candidate === null ? { candidateFault: null } : {}),
    // Worked out anew for every report that tells of it.
    stale: null,
  }),
  // Told to nobody but the trace; the process counts for itself.
  heartbeat: (_state, { misses }) => ({ misses: Math.min(Number(misses), 2) }),
  // The next start begins with a clean sheet; the removal is the last thing an operation is for.
  package: (state, { turns }) => ({
    stored: null,
    // Of two, who was served last says who is next.
    turns: (turns as readonly string[]).slice(-1),
    ...(hasTag('package', state, 'forgetful') ? { lossesMs: [], failedStarts: 0, onTrial: false, turns: [] } : {}),
    ...(hasTag('package', state, 'removing') ? {} : { operationId: 0 }),
  }),
};

/** More calls than a probation needs, or a last failure that led to nothing, change nothing. */
const whatCounts = ({ calls, failures }: Trial, { callsMin }: ProbationPolicy): Partial<Trial> => ({
  calls: Math.min(calls - failures, callsMin),
  failures,
});

/**
 * The context without its dead fields, as JSON. Machines ask whether there is a fault, never which: one stands for all.
 */
export const keyOf = (machine: string, state: string, context: object): string =>
  JSON.stringify(aliveIn(machine, state, context), plain);

/** In which order PIDs came into a table says nothing either. */
const plain = (_name: string, value: unknown): unknown => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return isFault(value) ? 'a fault' : sortedByName(value);
};
const isFault = (value: object): boolean => 'code' in value && 'name' in value && 'message' in value;

const aliveIn = (machine: string, state: string, context: object): object => {
  const dead = DEAD[machine];
  return dead === undefined ? context : { ...context, ...dead(state, context as Readonly<Record<string, unknown>>) };
};
