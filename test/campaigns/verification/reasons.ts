import { NEVER_TAKEN as NEVER_TAKEN_BY_HISTORIES } from '../../machines/properties/never-taken.js';

/**
 * What no exploration does, and why it is there all the same. A line that no longer holds fails `npm run verify`, and so
 * does anything that should stand here and does not.
 */

/** Transitions no scenario takes, in the notation of src/testing/model/coverage.ts: those that no history takes either, and more. */
export const NEVER_TAKEN: Readonly<Record<string, string>> = {
  ...NEVER_TAKEN_BY_HISTORIES,
  'route Unbinding · route.abort [hasFailedProbation] → Probation.Failed':
    'Takes three faults: a failed probation, a failed way back, a failed unbinding; random histories take it.',
  'runner Serving · release.wanted [hasFailed]':
    'An actor fails through a defect alone, which no exploration has; random histories let one fail and ask for it.',
  'runner Placing · route.reported [concernsUnplaced]':
    'Takes a probation that ends while its store is opened, in one of many actors (runner.test.ts).',
  'runner Releasing · package.reported': 'Takes a cool-down that ends while actors are taken away (runner.test.ts).',
  'runner Releasing · package.lost': 'As above, with the process started then lost.',
  'process Executing.Unresponsive · call.answered [isRecoverableTooMany] → Stopping':
    'Takes three faults: two failures in a row and a process that is silent during the second; random histories take it.',
  'process Executing.Unresponsive · call.answered [isFailureTooMany] → Stopping':
    'As above, with failures that no other attempt mends.',
  'changeover * · route.prepared': 'An answer to a change that is over already; random histories take it.',
};

/** Events that come where no state names them (`machine state · event`): they are dropped without a word. */
export const UNEXPECTED: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^heartbeat Resting · pong\.received$/, 'A pong more than was asked for is a sign of life nobody waits for.'],
  [/^process \S+ · reply\.dropped$/, 'For the trace: the effect that owns the pipe has dropped it already.'],
  [/^process Starting · os\.spawned$/, 'For the trace: which process it is.'],
  [
    /^process (Stopping|Terminating|Killing) · /,
    'It is on its way out: nothing it, its heartbeat or its package says changes that but its end.',
  ],
];
