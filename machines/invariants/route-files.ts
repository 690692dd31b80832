import type { Invariant } from './invariant.js';
import { deliveredTo, isAtWork } from './view.js';
import type { SystemView } from './view.js';

/** An effect of this name ended, well or not. */
const COMMIT_ENDED = /^xstate\.(done|error)\.actor\.commitRoutes$/;

export const routeFiles: Invariant<null> = {
  number: 4,
  sentence: 'File and memory agree on every route once an operation has ended, however it ended.',
  start: null,
  hears: (seen) =>
    seen.what === 'delivered' && /^(changeover|route)$/.test(seen.machine) && COMMIT_ENDED.test(seen.event.type),
  watch(_memory, happened, view) {
    if (!isAtWork(view) && view.runner.state !== 'Draining') return { memory: null, wrong: [], met: false };
    const ended = [...deliveredTo(happened, 'changeover'), ...deliveredTo(happened, 'route')];
    return {
      memory: null,
      wrong: [...new Set([...view.files.keys(), ...view.routes.keys()])].flatMap((pid) => disagreement(view, pid)),
      met: ended.some(({ event }) => COMMIT_ENDED.test(event.type)),
    };
  },
};

function disagreement({ files, routes }: SystemView, pid: string): readonly string[] {
  const { key = null, previous = null, probation = null } = files.get(pid) ?? {};
  const { release = null, previous: before = null, onProbation = false } = routes.get(pid)?.context ?? {};
  return [
    ...(key === release ? [] : [`the file of ${pid} says ${key}, the route ${release}`]),
    ...(previous === before ? [] : [`the file of ${pid} would return to ${previous}, the route to ${before}`]),
    ...((probation !== null) === onProbation ? [] : [`file and route of ${pid} disagree on its probation`]),
  ];
}
