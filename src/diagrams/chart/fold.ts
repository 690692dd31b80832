import type { Visits } from '../visits/visits.js';
import { holders, hueOf } from './chart.js';
import type { Chart, ChartTransition } from './chart.js';

/** A chart of the first level alone, with what was counted in it. */
export interface Folded {
  readonly chart: Chart;
  readonly visits: Visits | null;
}

/**
 * The states of the first level, each with everything it holds folded into it: what goes on within is left out, and of
 * the moves between two of them each event is shown once, without its guards.
 */
export function fold(chart: Chart, visits: Visits | null): Folded {
  const counts: number[] = [];
  const transitions: ChartTransition[] = [];
  for (const one of chart.transitions) {
    if (one.from === null || one.to === null) continue;
    const [from, to] = [hueOf(one.from), hueOf(one.to)];
    if (from === to) continue;
    const known = transitions.find((other) => other.from === from && other.to === to && other.event === one.event);
    const index = known?.index ?? transitions.length;
    if (known === undefined)
      transitions.push({
        ...one,
        index,
        from,
        to,
        enters: to,
        guard: '',
        otherwise: false,
        actions: [],
        description: '',
      });
    counts[index] = (counts[index] ?? 0) + (visits?.transitions[one.index] ?? 0);
  }
  const states = chart.states.filter(({ parent }) => parent === null);
  return {
    chart: {
      ...chart,
      effects: [],
      transitions,
      states: states.map((state) => ({
        ...state,
        kind: state.kind === 'final' ? 'final' : 'atomic',
        entry: [],
        exit: [],
        effects: [],
      })),
    },
    visits:
      visits === null ? null : { ...visits, transitions: counts, states: entries(chart, visits, transitions, counts) },
  };
}

/** How often each was entered with all it holds: what is counted of `Running` is that state alone. */
function entries(
  chart: Chart,
  visits: Visits,
  moves: readonly ChartTransition[],
  counts: readonly number[],
): Visits['states'] {
  const holding = holders(chart);
  const beside = chart.states.filter(
    ({ path, parent, kind }) => parent === null && kind === 'atomic' && holding.has(path),
  );
  const into = ({ path }: { readonly path: string }): number =>
    moves.reduce((sum, { to, index }) => sum + (to === path ? (counts[index] ?? 0) : 0), 0);
  return { ...visits.states, ...Object.fromEntries(beside.map((state) => [state.path, into(state)])) };
}
