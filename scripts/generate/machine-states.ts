import type { Chart, ChartState, ChartTransition } from '../../src/diagrams/index.js';
import { code, table } from './markdown.js';

export const statesTable = ({ states, transitions }: Chart): string =>
  table(
    ['State', 'Meaning', 'Waits for', 'On entry', 'Effect under way'],
    states.map((state) => [
      state.path,
      state.description,
      waitsFor(state, transitions),
      code(state.entry),
      code(state.effects.map(({ name }) => name)),
    ]),
  );

function waitsFor({ path, kind }: ChartState, transitions: readonly ChartTransition[]): string {
  const events = transitions
    .filter(({ from, to }) => from === path && to !== null && to !== path)
    .map(({ event }) => event);
  if (kind === 'compound') return '';
  return events.length === 0 ? 'nothing: it ends here' : code([...new Set(events)]);
}

export const transitionsTable = ({ transitions }: Chart): string =>
  table(
    ['In', 'On', 'If', 'Goes to', 'And does'],
    transitions.map(({ from, event, guard, otherwise, enters, actions }) => [
      from ?? '(any)',
      event,
      guard === '' ? (otherwise ? 'otherwise' : '') : `\`${guard}\``,
      enters ?? 'stays',
      code(actions),
    ]),
  );
