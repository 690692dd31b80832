/**
 * Transitions no history of composition.property.test.ts takes, and no exploration either, and why they are there all the
 * same. One that is taken leaves the list, a new one that cannot be taken needs its reason.
 */
export const NEVER_TAKEN: Readonly<Record<string, string>> = {
  'runner * · * failed': 'No machine throws; if one ever does, the Runner says so by name (runner.test.ts).',
  'runner Finishing · release.wanted':
    'Changes are called off on the way in; a wish that comes all the same is denied.',
  'runner Draining · release.wanted': 'As in Finishing.',
  'runner Releasing · * failed': 'No machine throws, here as little as anywhere.',
  'package * · package.uninstall': 'The Runner refuses it for a release that does not rest, before it gets here.',
  'package * · call.waited': 'Its timer is cancelled with the wait.',
  'package Running.Stopping · call.failed': 'A process that was told to stop cancels its call, it does not fail it.',
  'process * · call.dispatched':
    'A package sends no call to a process that is not at rest; if it did, the call is lost, not dropped.',
  'route * · route.commit': 'Only PIDs that hold still are told.',
  'route * · route.abort': 'Only PIDs that hold still are told.',
  'route Draining · route.prepare [asksToUnbind] → Unbinding':
    'Draining is left as soon as no flow would be stranded; Probation.Failed shares the list and takes it.',
  'changeover Preparing · changeover.cancel → Aborting':
    'Routes answer in the same step, nobody can come in between (changeover.test.ts).',
};

/**
 * Transitions that take several coincidences: not every set of histories has them. Some 4,000 histories
 * (`PROCVISION_HISTORIES=4000`) take all but the last three or four.
 */
export const SELDOM_TAKEN: ReadonlySet<string> = new Set([
  // Histories place all actors in one turn; the exploration "turn by turn" takes these.
  'runner Placing · runner.close',
  'runner Placing · after nextTurn → Placing',
  'runner Placing · rollback.wanted',
  'runner Placing · rollback.wanted [isPutOff]',
  'runner Placing · route.reported [concernsUnplaced]',
  'runner Placing · route.reported',
  'runner Placing · always [allPlacedToClose] → Draining',
  'runner Releasing · after nextTurn → Releasing',
  'runner Releasing · package.reported',
  'runner Releasing · package.lost',
  'runner Releasing · route.reported',
  'runner Serving · rollback.wanted [isChanging]',
  'package Running · call.cancelled [callRuns]',
  'package Executing.Draining · call.failed [othersExecute]',
  'process Executing.Unresponsive · call.answered [isFatalAnswer] → Stopping',
  'process Executing.Unresponsive · call.answered [isRecoverableTooMany] → Stopping',
  'process Executing.Unresponsive · call.answered [isFailureTooMany] → Stopping',
  'process Executing.Unresponsive · call.answered [isCountedFailure] → Running',
  'process Executing.Unresponsive · call.answered [endsFailures] → Running',
  'process Executing.Unresponsive · process.kill → Killing',
  'process Executing.Stalled · call.answered [isRecoverableTooMany] → Stopping',
  'process Executing.Stalled · call.answered [isFailureTooMany] → Stopping',
  'process Executing.Stalled · call.answered [isCountedFailure] → Running',
  'process Executing.Stalled · call.answered [endsFailures] → Running',
  'process Executing.Stalled · stream.faulted → Killing',
  'process Executing.Outgrown · pong.received',
  'package Running · package.stop [retryIsPending] → Executing.Draining',
  'package Executing · call.failed [othersExecute]',
  'package Executing.Draining · call.settled [leavesOthersExecuting]',
  'package Executing.Draining · call.failed [leavesOthersExecuting]',
  'package Executing.Draining · call.failed [callsWait]',
  'package Executing.Draining · call.waited [callWaits]',
  'package Running.Restarting · call.expired [callRuns]',
  'process Executing.Unresponsive · os.exited → Stopped',
  'process Executing.Stalled · os.exited → Stopped',
  'process Executing.Stalled · process.stop → Stopping',
  'process Executing.Stalled · call.overdue [isCallInFlight] → Killing',
  'process Executing.Stalled · process.kill → Killing',
  'process Executing.Stalled · heartbeat.recovered',
  'process Executing.Stalled · resources.sampled [isAboveKillLimit] → Killing',
  'process Executing.Outgrown · call.answered [isRecoverableAnswer] → Stopping',
  'process Executing.Outgrown · stream.faulted → Killing',
  'process Executing.Outgrown · process.stop → Stopping',
  'process Executing.Outgrown · heartbeat.recovered',
  'route Switching · route.commit [candidateWasLost] → Probation.Failed',
  'route Probation · route.prepare [isUnchanged]',
  'route Probation.Extended · route.prepare [isRefused]',
  'route Probation.Extended · route.prepare [isUnchanged]',
  'route Probation.Failed · route.prepare [isUnchanged]',
  'route Probation.Failed · route.confirm → Confirming',
  'route Unbinding · route.abort [hasFailedProbation] → Probation.Failed',
  'route Confirming · commitRoutes failed [hasFailedProbation] → Probation.Failed',
  'package Deployed.Recording · package.stop [wishChanges] → Deployed.Recording',
  'package Executing.Draining · call.failed [retryIsPending]',
  'package Executing.Draining · process.ended [nothingIsLeftToDrain] → Running.Stopping',
  'changeover * · route.prepared',
  // A second installation of one zip has to come in just that moment, and a failed actor be asked for just then.
  'package Validated.Recording · package.deploy',
  'package Validated.BuildingEnvironment · package.deploy',
  'package Validated.Concluding · package.deploy',
  'package Validated.Registering · package.deploy',
  'package Validated.Discarding · package.deploy',
  'package Validated.Extracting · package.deploy',
  'package Validated.Installing · package.deploy',
  'package Validated.Probing · package.deploy',
  'package Discovered.Validating · package.deploy',
  'runner Serving · release.wanted [hasFailed]',
]);
