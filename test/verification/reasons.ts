/**
 * What no exploration does, and why it is there all the same. A line that no longer holds fails `npm run verify`, and so
 * does anything that should stand here and does not.
 */

/** Transitions no scenario takes, in the notation of src/model/coverage.ts. */
export const NEVER_TAKEN: Readonly<Record<string, string>> = {
  'runner * · * failed': 'No machine throws; if one ever does, the Runner says so by name (runner.test.ts).',
  'runner Finishing · release.wanted':
    'Changes are called off on the way in; a wish that comes all the same is denied.',
  'runner Draining · release.wanted': 'As in Finishing.',
  'package * · package.uninstall': 'The Runner refuses it for a release that does not rest, before it gets here.',
  'package * · call.waited': 'Its timer is cancelled with the wait.',
  'package Running.Stopping · call.failed': 'A process that was told to stop cancels its call, it does not fail it.',
  'package Executing.Draining · call.failed [retryIsPending]':
    'Takes two calls that fail in two processes after the stop; random histories take it.',
  'process * · call.dispatched':
    'A package sends no call to a process that is not at rest; if it did, the call is lost, not dropped.',
  'route * · route.commit': 'Only PIDs that hold still are told.',
  'route * · route.abort': 'Only PIDs that hold still are told.',
  'route Draining · route.prepare [asksToUnbind] → Unbinding':
    'Draining is left as soon as no flow would be stranded; Probation.Failed shares the list and takes it.',
  'route Unbinding · route.abort [hasFailedProbation] → Probation.Failed':
    'Takes three faults: a failed probation, a failed way back, a failed unbinding; random histories take it.',
  'changeover * · route.prepared': 'An answer to a change that is over already; random histories take it.',
  'changeover Preparing · changeover.cancel → Aborting':
    'Routes answer in the same step, nobody can come in between (changeover.test.ts).',
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
