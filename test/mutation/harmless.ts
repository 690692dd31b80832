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
  ...all('What is called off there waits for a new command, which says anew how far to go; nothing was wanted yet.', [
    'package Validated.Extracting · package.stop → Validated.Abandoning · without goNoFurther',
    'package Validated.BuildingEnvironment · package.stop → Validated.Abandoning · without goNoFurther',
    'package Validated.Installing · package.stop → Validated.Abandoning · without goNoFurther',
    'package Validated.Probing · package.stop → Validated.Halting · without goNoFurther',
  ]),
  ...all('Changes are called off on the way in, so no wish comes; if one did, it would be denied.', [
    'runner Finishing · release.wanted · dropped',
    'runner Finishing · release.wanted · without denyWish',
    'runner Draining · release.wanted · dropped',
    'runner Draining · release.wanted · without denyWish',
  ]),
  ...all("The root's package.stop takes the wish as well; how far to deploy is of no use to what is deployed.", [
    'package Running.Stopping · package.stop · dropped',
  ]),
};
