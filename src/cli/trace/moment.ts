import { InvalidArgumentError } from 'commander';

/** A point in time somebody named: by the clock, so long ago, or so long after the run began. */
export type Moment = { readonly timeMs: number } | { readonly afterBeginMs: number };

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** For options: `2026-11-20T08:00:00Z`, `10m` (ago), `+12.5` (seconds after the run began, as `trace show` prints). */
export function parseMoment(text: string): Moment {
  const [, seconds] = /^\+(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (seconds !== undefined) return { afterBeginMs: Number(seconds) * 1000 };
  const [, count, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return { timeMs: Date.now() - Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS] };
  const timeMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(timeMs)) return { timeMs };
  throw new InvalidArgumentError('It has to be a time (2026-11-20T08:00:00Z), so long ago (10m), or +seconds.');
}

export const inUnixMs = (moment: Moment, beganMs: number): number =>
  'timeMs' in moment ? moment.timeMs : beganMs + moment.afterBeginMs;
