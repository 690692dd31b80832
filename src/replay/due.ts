import type { AnyEventObject } from 'xstate';
import type { ArmedTimer, ReplayedActor } from './replayed-actor.js';
import { isSameData } from './same-data.js';
import { isFromTimer } from './sources.js';

/** A timer of Node may fire a little before its time; files of one trace agree on the time to a millisecond. */
const EARLY_US = 25_000;

/**
 * Why an event from outside cannot come now; null when it can: an answer of an effect under way, a timer at its time,
 * anything else whenever it comes.
 */
export function whyNotDue(event: AnyEventObject, actor: ReplayedActor, nowUs: number): string | null {
  const answer = answerIn(event);
  if (answer !== null) return actor.effects.has(answer.effect) ? null : `no ${answer.effect} is under way`;
  if (!isFromTimer(actor.machine, event.type)) return null;
  const armed = armedFor(event, actor);
  if (armed === undefined) return 'no such timer runs';
  const earlyUs = armed[1].dueUs - nowUs;
  return earlyUs <= EARLY_US ? null : `the timer is due ${Math.round(earlyUs / 1000)} ms later`;
}

/** A timer that fired is armed no more. */
export function disarm(event: AnyEventObject, actor: ReplayedActor): void {
  if (!isFromTimer(actor.machine, event.type)) return;
  const armed = armedFor(event, actor);
  if (armed !== undefined) actor.timers.delete(armed[0]);
}

/** An effect that has answered is under way no more. @returns the one that has answered well */
export function settle(event: AnyEventObject, { effects }: ReplayedActor): { src: string; input: unknown } | null {
  const answer = answerIn(event);
  const effect = answer === null ? undefined : effects.get(answer.effect);
  if (answer === null || effect === undefined) return null;
  effects.delete(answer.effect);
  return answer.isDone ? effect : null;
}

const armedFor = (event: AnyEventObject, { timers }: ReplayedActor): readonly [string, ArmedTimer] | undefined =>
  [...timers].find(([, armed]) => isSameData(event, armed.event));

/** Which effect has answered, and how; null when it is no answer. */
export function answerIn({ type }: AnyEventObject): { readonly effect: string; readonly isDone: boolean } | null {
  const [, how, effect = ''] = /^xstate\.(done|error)\.actor\.(.*)$/.exec(type) ?? [];
  return how === undefined ? null : { effect, isDone: how === 'done' };
}
