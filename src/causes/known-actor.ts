import { namesHint, RunnerError } from '../base/errors/index.js';

/**
 * The actor somebody means: its path, or what only one path ends in (`screw-check@1.0.0`, `A01`).
 *
 * @throws RunnerError invalid_usage, naming the actors there are
 */
export function knownActor(wanted: string, actors: readonly string[]): string {
  if (actors.includes(wanted)) return wanted;
  const ends = actors.filter((actor) => actor.endsWith(`/${wanted}`) && actor.split('/').length === 2);
  // A product id is that of its route; a changeover only goes by one.
  const meant = ends.length > 1 ? ends.filter((actor) => !actor.startsWith('changeover/')) : ends;
  const [one] = meant;
  if (one !== undefined && meant.length === 1) return one;
  if (meant.length > 1)
    throw new RunnerError('invalid_usage', `"${wanted}" may be ${meant.join(' or ')}.`, {
      hint: 'Name the one that is meant in full.',
      details: { actor: wanted, actors },
    });
  throw unknownName('actor', wanted, actors);
}

/** A name that a trace does not hold: refused in the same words by everything that asks for one. */
export function unknownName(what: NamedKind, wanted: string, names: readonly string[]): RunnerError {
  const ends = what === 'actor' ? names.map((name) => name.slice(name.indexOf('/') + 1)) : [];
  return new RunnerError('invalid_usage', `"${wanted}" is no ${WORDS[what]} of this trace.`, {
    hint: namesHint(wanted, names, 'The trace holds none.', ends),
    details: { [what]: wanted, [PLURALS[what]]: names },
  });
}

export type NamedKind = 'actor' | 'pid' | 'release' | 'event' | 'call';
const WORDS: Readonly<Record<NamedKind, string>> = {
  actor: 'actor',
  pid: 'product id',
  release: 'release',
  event: 'event',
  call: 'call',
};
const PLURALS: Readonly<Record<NamedKind, string>> = {
  actor: 'actors',
  pid: 'pids',
  release: 'releases',
  event: 'events',
  call: 'calls',
};
