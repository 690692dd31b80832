/**
 * Mutants that no check finds, and why they do no harm. A reason whose mutant is found, or does not exist, fails the
 * campaign: it is to be taken out.
 */
const SAYS_NOTHING =
  'It says that nothing is to be done. Without it nothing is done either: no outer state takes the event.';
const OF_NO_ROUTE_YET =
  'A PID that is to be bound to nothing has no candidate, and what it notes beside is read by nobody.';

const all = (reason: string, ids: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(ids.map((id) => [id, reason]));

export const HARMLESS: Readonly<Record<string, string>> = {
  ...all(SAYS_NOTHING, [
    'runner * · rollback.wanted · dropped',
    'runner * · changeover.cancel · dropped',
    'runner * · changeover.measured · dropped',
    'runner * · runner.hurry · dropped',
    'runner * · flows.finished · dropped',
    'runner * · package.found · dropped',
    'package * · package.hurry · dropped',
    'package * · call.cancelled · dropped',
    'package * · call.expired · dropped',
    'package * · call.waited · dropped',
    'package * · call.returned · dropped',
    'package Executing.Draining · slot.restarted · dropped',
    'process * · resources.sampled · dropped',
    'process Executing · heartbeat.recovered · dropped',
    'process Executing.Unresponsive · heartbeat.missed · dropped',
    'process Executing.Stalled · heartbeat.recovered · dropped',
    'process Executing.Outgrown · heartbeat.missed · dropped',
    'process Executing.Outgrown · heartbeat.recovered · dropped',
    'process Stopping · shutdown.acknowledged · dropped',
    'route * · route.commit · dropped',
    'route * · route.abort · dropped',
    'route * · release.changed · dropped',
    'route * · release.lost · dropped',
    'route * · call.observed · dropped',
    'changeover * · changeover.cancel · dropped',
    'changeover * · route.prepared · dropped',
    'changeover * · release.changed · dropped',
  ]),
  ...all(OF_NO_ROUTE_YET, [
    'route Unbound · route.prepare [asksToUnbind] → Unbinding · without takeCandidate',
    'route Serving · route.prepare [asksToUnbind] → Unbinding · without takeCandidate',
    'route Draining · route.prepare [asksToUnbind] → Unbinding · without takeCandidate',
    'route Probation · route.prepare [asksToUnbind] → Unbinding · without takeCandidate',
    'route Probation.Extended · route.prepare [asksToUnbind] → Unbinding · without takeCandidate',
    'route Probation.Failed · route.prepare [asksToUnbind] → Unbinding · without takeCandidate',
    'route Unbinding · route.abort [hasFailedProbation] → Probation.Failed · without dropCandidate',
    'route Unbinding · route.abort [isUnfinished] → Draining · without dropCandidate',
    'route Unbinding · route.abort [isBound] → Serving · without dropCandidate',
    'route Unbinding · route.abort → Unbound · without dropCandidate',
  ]),
  ...all('Changes are called off on the way in, so no wish comes; if one did, it would be denied.', [
    'runner Finishing · release.wanted · dropped',
    'runner Finishing · release.wanted · without denyWish',
    'runner Draining · release.wanted · dropped',
    'runner Draining · release.wanted · without denyWish',
  ]),
  ...all("The root's package.stop takes the wish as well; how far to deploy is of no use to what is deployed.", [
    'package Running.Stopping · package.stop · dropped',
    'package Executing.Draining · package.stop · dropped',
    'package Deployed.Halting · package.stop · dropped',
    'package Stopped.Halting · package.stop · dropped',
  ]),
  ...all('The root does the same with a report: the list in the state is for those that are to be stopped again.', [
    'runner Draining · package.reported · dropped',
  ]),
  ...all('Its process is asked to leave in the same step; which phase its place was in is read by nobody after that.', [
    'package Validated.Probing · process.ready → Validated.Concluding · without noteReady',
  ]),
  ...all('A process that was told to stop cancels its call, it does not fail it: the event never comes.', [
    'package Running.Stopping · call.failed · dropped',
    'package Running.Stopping · call.failed · without announceSettled',
    'package Running.Stopping · call.failed · without freeSlot',
  ]),
  ...all('Only an idle process says that it leaves, and nobody waits for one that is idle.', [
    'package Executing · process.leaving · without loseHomed',
    'package Executing.Draining · process.leaving · without loseHomed',
  ]),
  ...all('While flows run, no unbinding is taken up, and once none does, Draining is left: the way is never taken.', [
    'route Draining · route.prepare [asksToUnbind] → Unbinding · dropped',
    'route Draining · route.prepare [asksToUnbind] → Unbinding · retargeted to Confirming',
    'route Draining · route.prepare [asksToUnbind] → Unbinding · without reportRoute false',
    'route Draining · route.prepare [asksToUnbind] → Unbinding · without confirmPrepared',
  ]),
  ...all('An unbinding begins only where nothing is drained: Draining, where it returns to, leads on to Probation.', [
    'route Unbinding · route.abort [isUnfinished] → Draining · retargeted to Probation',
  ]),
};
