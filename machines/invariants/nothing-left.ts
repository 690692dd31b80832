import type { Invariant } from './invariant.js';
import { deliveredTo, entered } from './view.js';

export const nothingLeft: Invariant<null> = {
  number: 12,
  sentence: 'When an actor has stopped: no child process, no segment, no timer, no descriptor of its is left.',
  start: null,
  hears: (seen) =>
    seen.what === 'ended' || (seen.what === 'delivered' && seen.machine === 'runner' && entered(seen, 'Closed')),
  watch(_memory, happened) {
    const ended = happened.filter((seen) => seen.what === 'ended');
    const open = deliveredTo(happened, 'runner')
      .filter((delivered) => entered(delivered, 'Closed'))
      .flatMap(({ after }) => Object.keys(after.context.changeovers));
    return {
      memory: null,
      wrong: [
        ...ended.flatMap(({ actor, left }) => left.map((what) => `${actor} has stopped, but ${what} is left`)),
        ...open.map((name) => `the Runner is closed, but changeover/${name} is under way`),
      ],
      met: ended.length > 0,
    };
  },
};
