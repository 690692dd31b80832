/** A set of code points: ranges with both ends in them, in order, apart from each other. */
export type CodePoints = readonly (readonly [from: number, to: number])[];

const LAST = 0x10ffff;

export function union(...sets: readonly CodePoints[]): CodePoints {
  const joined: [number, number][] = [];
  for (const [from, to] of sets.flat().sort(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

export function complement(set: CodePoints): CodePoints {
  const others: [number, number][] = [];
  let next = 0;
  for (const [from, to] of union(set)) {
    if (from > next) others.push([next, from - 1]);
    next = to + 1;
  }
  return next > LAST ? others : [...others, [next, LAST]];
}

const point = (code: number): readonly [number, number] => [code, code];

/** The classes of ECMAScript (22.2.2.9): `\d`, `\w`, and `\s`, which is every white space and line end there is. */
export const DIGITS: CodePoints = [[0x30, 0x39]];
export const WORD: CodePoints = [[0x30, 0x39], [0x41, 0x5a], point(0x5f), [0x61, 0x7a]];
export const SPACE: CodePoints = [
  [0x09, 0x0d],
  point(0x20),
  point(0xa0),
  point(0x1680),
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  point(0x202f),
  point(0x205f),
  point(0x3000),
  point(0xfeff),
];
/** What `.` stands for without the flag `s`. */
export const NO_LINE_END: CodePoints = complement([point(0x0a), point(0x0d), [0x2028, 0x2029]]);
