import { writeFileSync } from 'node:fs';
import { procText } from './proc.js';

/** Of 1000: of two processes that take as much of the memory, the one with the higher score is ended first. */
const SCORE = 500;
const ABOVE_OURS = 100;
const SCORE_MAX = 1000;

/**
 * When memory runs short the kernel ends this process, and what it starts from now on, before it ends this one. It may
 * lower its own score again, though not below ours. Does nothing where the kernel keeps no score.
 */
export function makeFirstToGo(osPid: number): void {
  const ours = Number(procText('self/oom_score_adj'));
  setScore(osPid, Math.min(SCORE_MAX, Math.max(SCORE, ours + ABOVE_OURS)));
}

/** When memory runs short the kernel ends our own process before any other. Does nothing where it keeps no score. */
export const goFirstOfAll = (): void => setScore('self', SCORE_MAX);

function setScore(of: number | 'self', score: number): void {
  try {
    writeFileSync(`/proc/${of}/oom_score_adj`, `${score}`);
  } catch {
    // It has ended already, or this is no Linux.
  }
}
