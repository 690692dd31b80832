import { z } from 'zod';
import type { RunLife } from '../../runner/status/run-life.js';
import { isoTime, time } from './common.js';

/** What became of the Runner that wrote a run, and when something was last written. */
export const runLifeWire = z.strictObject({
  life: z.enum(['closed', 'living', 'killed', 'unseen', 'goes_on', 'cut']),
  at: time.nullable(),
});
export type RunLifeWire = z.infer<typeof runLifeWire>;

export const wireLife = ({ kind, atMs }: RunLife): RunLifeWire => ({ life: kind, at: isoTime(atMs) });
