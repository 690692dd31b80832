/** Quartiles and extremes of a sample: how far single rounds lie from the median that is reported. */
export interface Spread {
  readonly q1: number;
  readonly q3: number;
  readonly min: number;
  readonly max: number;
}

/**
 * The value below which the share `q` of the sample lies, between neighbours in proportion (the default of NumPy and R).
 *
 * @param q from 0 to 1
 * @throws RangeError for an empty sample: it has no quantile, and NaN would pass for a result
 */
export function quantile(sample: Iterable<number>, q: number): number {
  const sorted = Float64Array.from(sample).sort();
  if (sorted.length === 0) throw new RangeError('a quantile of no values');
  const position = q * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export const median = (sample: Iterable<number>): number => quantile(sample, 0.5);

export const spreadOf = (sample: readonly number[]): Spread => ({
  q1: quantile(sample, 0.25),
  q3: quantile(sample, 0.75),
  min: quantile(sample, 0),
  max: quantile(sample, 1),
});

/**
 * Each round's own comparison. The machine's speed drifts by more than the goals between rounds and hardly within one,
 * so the ratio of two medians says less than the median of these.
 *
 * @throws RangeError when the sides did not run the same number of rounds
 */
export function pairwise(ours: readonly number[], floor: readonly number[], compare: (a: number, b: number) => number) {
  if (ours.length !== floor.length) throw new RangeError(`${ours.length} rounds against ${floor.length}`);
  return ours.map((value, i) => compare(value, floor[i] ?? NaN));
}
