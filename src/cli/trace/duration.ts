const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;

/** `12 ms`, `3.4 s`, `2.5 h`: three figures are enough to compare. */
export function shownDuration(ms: number): string {
  const [unitMs, unit] = UNITS.find(([least]) => ms >= least) ?? [1, 'ms'];
  const value = ms / unitMs;
  return `${value >= 100 || Number.isInteger(value) ? Math.round(value) : value.toPrecision(value < 10 ? 2 : 3)} ${unit}`;
}
