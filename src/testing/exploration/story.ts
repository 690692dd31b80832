import type { Happening } from './system.js';

/** One move of a way through a scenario. */
export interface StoryStep {
  /** What a person or the world did. */
  readonly line: string;
  readonly happened: readonly Happening[];
}

/** A Mermaid sequence diagram of who sent what to whom, outside events as notes. */
export function sequenceDiagram(steps: readonly StoryStep[], wrong: string): string {
  const lines = steps.flatMap(({ line, happened }) => [
    `  Note over ${alias('world')}: ${clean(line)}`,
    ...arrows(happened),
  ]);
  const paths = new Set(steps.flatMap(({ happened }) => happened.flatMap(({ seen }) => [seen.actor])));
  return [
    'sequenceDiagram',
    `  participant ${alias('world')} as world`,
    ...[...paths].map((path) => `  participant ${alias(path)} as ${clean(path)}`),
    ...lines,
    `  Note over ${alias('world')}: ${clean(wrong)}`,
  ].join('\n');
}

const arrows = (happened: readonly Happening[]): readonly string[] =>
  happened.flatMap(({ seen, from }) => {
    const to = alias(seen.actor);
    switch (seen.what) {
      case 'delivered': {
        const moved = seen.before?.state === seen.after.state ? '' : ` → ${seen.after.state}`;
        return [`  ${alias(from ?? 'world')}->>${to}: ${clean(seen.event.type + moved)}`];
      }
      case 'emitted':
        return [`  ${to}-->>${alias('world')}: ${clean(seen.event.type)}`];
      case 'asked':
        return [`  ${to}-->>${alias('world')}: ${clean(seen.command.type)}`];
      case 'ended':
        return [`  Note over ${to}: has ended`];
    }
  });

/** Names and texts that every Mermaid accepts. */
const alias = (path: string): string => path.replace(/[^A-Za-z0-9]/g, '_');
const clean = (text: string): string => text.replace(/[;#]/g, ',').replace(/[{}"]/g, '');
