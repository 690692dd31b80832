import { isWithin } from './chart.js';
import type { Chart, ChartState } from './chart.js';

/** A part of a chart, with the states around it that lead in or out. */
export interface Part {
  readonly title: string;
  readonly subtitle: string;
  readonly chart: Chart;
  /** Paths of the states around it, of which nothing but their names is known. */
  readonly around: ReadonlySet<string>;
}

export const whole = (chart: Chart): Part => ({
  ...{ title: chart.id, subtitle: chart.description, chart, around: new Set() },
});

/** One state with everything in it. A path no state has gives a part without states. */
export function partOf(chart: Chart, path: string): Part {
  const within = (other: string | null): boolean => other !== null && isWithin(other, path);
  const transitions = chart.transitions.filter(({ from, to }) => from !== null && (within(from) || within(to)));
  const ends = transitions.flatMap(({ from, to }) => [from, to]);
  const around = new Set(ends.filter((end): end is string => end !== null && !within(end)));
  const leadsIn = (end: string): boolean =>
    transitions.some(({ from }) => from === end) && !transitions.some(({ to }) => to === end);
  const inside = chart.states.filter((state) => within(state.path));
  return {
    title: `${chart.id} · ${path}`,
    subtitle: chart.description,
    around,
    chart: {
      ...chart,
      initial: null,
      effects: [],
      // In the order in which a reader comes by them: where one comes from, the part, where one goes.
      states: [
        ...[...around].filter(leadsIn).map(stateAround),
        ...inside.map((state) => (state.path === path ? { ...state, parent: null, initial: false } : state)),
        ...[...around].filter((end) => !leadsIn(end)).map(stateAround),
      ],
      transitions,
    },
  };
}

const stateAround = (path: string): ChartState => ({
  ...{ path, parent: null, kind: 'atomic', description: '', initial: false, entry: [], exit: [], effects: [] },
});

/** Only the states whose path matches, and what leads from one of them to another. */
export function selection(chart: Chart, paths: RegExp): Chart {
  const isShown = (path: string | null): boolean => path !== null && paths.test(path);
  return {
    ...chart,
    initial: null,
    states: chart.states.filter(({ path }) => isShown(path)).map((state) => ({ ...state, initial: false })),
    transitions: chart.transitions.filter(({ from, enters }) => isShown(from) && isShown(enters)),
  };
}
