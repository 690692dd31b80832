import { z } from 'zod';

/** Parts of JSON forms: snake_case, units last, null for what is not there. */

/** ISO 8601 in UTC. */
export const time = z.iso.datetime();

export const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000;

export const isoTime = (unixMs: number | null): string | null =>
  unixMs === null ? null : new Date(unixMs).toISOString();

export const fault = z.object({
  code: z.string(),
  name: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});

/** As a trace tells it: another version of the Runner may have written it. */
export const seenFault = z.object({ code: z.string(), message: z.string() });

/** Pixels, origin top left; what else an algorithm says of it passes through. */
export const rect = z.looseObject({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

export const list = <T extends z.ZodType>(item: T): z.ZodReadonly<z.ZodArray<T>> => z.array(item).readonly();
export const texts = list(z.string());
