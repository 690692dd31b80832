import type { Chart, MachineWords } from '../../src/diagrams/index.js';
import { code, sentence, table } from './markdown.js';
import type { Shape, TypeShapes } from './type-shapes.js';

/**
 * Every event a machine may be sent.
 *
 * @throws Error when one has no words, or words have no event
 */
export function eventsTable({ id, transitions }: Chart, { events = {} }: MachineWords, shapes: TypeShapes): string {
  const typed = new Map((shapes.events.get(id) ?? []).map((shape) => [shape.type, shape]));
  const handled = transitions.flatMap(({ kind, event }) => (kind === 'event' ? [event] : []));
  const names = [...new Set([...handled, ...typed.keys()])];
  const silent = names.filter((name) => events[name] === undefined);
  const gone = Object.keys(events).filter((name) => !names.includes(name));
  if (silent.length + gone.length > 0)
    throw new Error(`machines/words of ${id}: no words for [${silent.join(', ')}], no event for [${gone.join(', ')}]`);
  return table(
    ['Event', 'From', 'Says', 'Carries'],
    names.map((name) => [
      `\`${name}\``,
      events[name]?.from ?? '',
      sentence(events[name]?.says ?? ''),
      code(typed.get(name)?.fields ?? []),
    ]),
  );
}

/** What a machine tells the one that spawned it, and the library. */
export function toldTables(id: string, { reports, emitted }: TypeShapes): string[] {
  const section = (heading: string, shapes: readonly Shape[] | undefined): string[] =>
    shapes === undefined
      ? []
      : [
          `## ${heading}\n\n${table(
            ['Event', 'Carries'],
            shapes.map(({ type, fields }) => [`\`${type}\``, code(fields)]),
          )}`,
        ];
  return [
    ...section('What it reports to the machine that spawned it', reports.get(id)),
    ...section('What it emits, for the library', emitted.get(id)),
  ];
}
