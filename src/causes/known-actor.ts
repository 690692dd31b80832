import { RunnerError } from '../errors/index.js';

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
  const what = meant.length > 1 ? `may be ${meant.join(' or ')}` : 'is no actor of this trace';
  throw new RunnerError('invalid_usage', `"${wanted}" ${what}.`, {
    hint: actors.length === 0 ? 'The trace holds no records.' : `There are: ${actors.join(', ')}.`,
    details: { actor: wanted, actors },
  });
}
