/** Of names somebody may have meant, the nearest: at most a third of the letters is another one; at most three, the nearest first. */
export function nearestNames(wanted: string, names: Iterable<string>): readonly string[] {
  const plain = wanted.toLowerCase();
  const most = Math.max(1, Math.floor(plain.length / 3));
  const rated = [...new Set(names)].flatMap((name) => {
    const other = name.toLowerCase();
    const isPart = plain.length >= PART_LENGTH_MIN && (other.includes(plain) || plain.includes(other));
    const far = Math.abs(other.length - plain.length) > most && !isPart ? Infinity : distance(plain, other);
    return isPart || far <= most ? [{ name, far: isPart ? Math.min(far, most) : far }] : [];
  });
  return rated
    .sort((a, b) => a.far - b.far)
    .slice(0, SHOWN_MAX)
    .map(({ name }) => name);
}

const SHOWN_MAX = 3;
/** Shorter ones are part of nearly everything. */
const PART_LENGTH_MIN = 3;
/** What is longer was no slip of a finger. */
const LENGTH_MAX = 200;

/** Letters that have to be put in, taken out, replaced or exchanged with their neighbour. */
function distance(a: string, b: string): number {
  if (a.length > LENGTH_MAX || b.length > LENGTH_MAX) return a === b ? 0 : Infinity;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(Math.min(replaced, at(last, j) + 1, at(row, j - 1) + 1, isSwap ? at(before, j - 2) + 1 : Infinity));
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], j: number): number => row[j] ?? Infinity;

/** `; did you mean "a" or "b"?`, or nothing. */
export function didYouMean(wanted: string, names: Iterable<string>): string {
  const near = nearestNames(wanted, names).map((name) => `"${name}"`);
  return near.length === 0 ? '' : `Did you mean ${near.join(' or ')}?`;
}

const LISTED_MAX = 20;

/**
 * For whoever named what is not there, in the same words everywhere: what may have been meant, and what there is.
 *
 * @param none said where there is nothing at all
 * @param aliases further names of the same things, which are not listed
 */
export function namesHint(
  wanted: string,
  names: readonly string[],
  none: string,
  aliases: readonly string[] = [],
): string {
  if (names.length === 0) return none;
  const more = names.length > LISTED_MAX ? `, and ${names.length - LISTED_MAX} more` : '';
  const listed = `There are: ${names.slice(0, LISTED_MAX).join(', ')}${more}.`;
  return `${didYouMean(wanted, [...names, ...aliases])} ${listed}`.trimStart();
}
