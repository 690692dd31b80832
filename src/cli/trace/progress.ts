import type { WhyOptions } from '../../api/trace.js';
import type { Context } from '../context.js';

const STAGES = { looking: 'looking for what the trace tells of it', stepping: 'going through the trace' } as const;

/** Shows how far the work on a trace is. */
export const showing =
  (progress: Context['progress']): NonNullable<WhyOptions['onProgress']> =>
  (done, of, stage) =>
    progress(STAGES[stage], Math.round((done / of) * 100));
