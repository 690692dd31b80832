import type { Chart, ChartEffect } from '../chart/chart.js';
import type { Known } from '../known.js';

/** Raised when a field changes its meaning or goes; new fields come without. */
export const DIAGRAM_VERSION = 1;

/** A chart as plain data (docs/schemas/diagram.schema.json). */
export function dataOf(chart: Chart, { words, visits }: Known): Readonly<Record<string, unknown>> {
  const { id, description, initial, states, transitions, effects } = chart;
  const counted = (count = 0): object => (visits === null ? {} : { visits: count });
  return {
    diagram: DIAGRAM_VERSION,
    machine: id,
    description,
    initial,
    effects: effects.map(effectData),
    states: states.map((state) => ({
      path: state.path,
      parent: state.parent,
      kind: state.kind,
      initial: state.initial,
      description: state.description,
      entry: state.entry,
      exit: state.exit,
      effects: state.effects.map(effectData),
      ...counted(visits?.states[state.path]),
    })),
    transitions: transitions.map((one) => ({
      index: one.index,
      from: one.from,
      to: one.to,
      enters: one.enters,
      event: one.event,
      kind: one.kind,
      guard: one.guard === '' ? null : one.guard,
      otherwise: one.otherwise,
      actions: one.actions,
      description: one.description,
      ...counted(visits?.transitions[one.index]),
    })),
    words: wordsData(words),
    ...(visits === null ? {} : { trace: traceData(visits) }),
  };
}

const effectData = ({ id, name }: ChartEffect): object => ({ id, name });

function wordsData({ events = {}, guards = {}, delays = {}, effects = {} }: Known['words']): object {
  const each = <T>(table: Readonly<Record<string, T>>, read: (value: T) => object): object[] =>
    Object.entries(table).map(([name, value]) => ({ name, ...read(value) }));
  return {
    events: each(events, ({ from, says }) => ({ from, says })),
    guards: each(guards, (says) => ({ says })),
    delays: each(delays, ({ says, option, presetMs }) => ({ says, option, preset_ms: presetMs })),
    effects: each(effects, (says) => ({ says })),
  };
}

const traceData = ({ records, actors, diverged, unclear }: NonNullable<Known['visits']>): object => ({
  records,
  actors,
  diverged,
  unclear,
});

export const jsonOf = (chart: Chart, known: Known): string => JSON.stringify(dataOf(chart, known), null, 2);
