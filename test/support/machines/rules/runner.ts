import { isDeepStrictEqual } from 'node:util';
import type { Rule } from './rule.js';
import { deliveredTo } from './rule.js';

/** Where the Runner may go from where it is. */
const STEPS: Readonly<Record<string, RegExp>> = {
  Opening: /^(Opening|Placing|Serving|Closed|Failed)$/,
  Placing: /^(Placing|Serving|Draining|Releasing|Closed)$/,
  Serving: /^(Serving|Finishing)$/,
  Finishing: /^(Finishing|Draining|Releasing|Closed)$/,
  Draining: /^(Draining|Releasing|Closed)$/,
  Releasing: /^(Releasing|Closed)$/,
  Closed: /^Closed$/,
  Failed: /^Failed$/,
};

/** The Runner opens what can be read, ends by draining, and calls off what it is told to call off. */
export const runnersGoInOrder: Rule = (system, judge) => {
  for (const { event, before, after } of deliveredTo(system, 'runner')) {
    if (before === null) continue;
    const said = () => `the Runner, ${before.state}, is ${after.state} after ${event.type}`;
    judge(STEPS[before.state]?.test(after.state) ?? false, said);
    if (event.type === 'xstate.done.actor.recoverStore')
      judge(after.state === (before.context.closing ? 'Closed' : 'Serving'), said);
    if (event.type === 'xstate.error.actor.recoverStore')
      judge(after.state === 'Failed' && isDeepStrictEqual(after.context.fault, event['error']), said);
    if (before.state === 'Serving' && event.type === 'runner.close') judge(after.state === 'Finishing', said);
    if (before.state === 'Finishing' && /^(flows\.finished|runner\.hurry|xstate\.after\..*)$/.test(event.type))
      judge(after.state !== before.state, said);
    if (before.state !== 'Serving' || event.type !== 'changeover.cancel') continue;
    for (const [name, { operationId }] of Object.entries(before.context.changeovers)) {
      const isTold = deliveredTo(system, 'changeover').some(
        (heard) => heard.actor === `changeover/${name}` && heard.event.type === 'changeover.cancel',
      );
      judge(
        isTold === (operationId === event['operationId']),
        () => `changeover/${name}, ${isTold ? '' : 'not '}called off`,
      );
    }
  }
};
