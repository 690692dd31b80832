import { readFileSync, writeFileSync } from 'node:fs';

/** Of 1000: of two processes that take as much of the memory, the one with the higher score is ended first. */
const SCORE = 500;
const ABOVE_OURS = 100;
const SCORE_MAX = 1000;

/**
 * When memory runs short the kernel ends this process, and what it starts from now on, before it ends this one. It may
 * lower its own score again, though not below ours. Does nothing where the kernel keeps no score.
 */
export function makeFirstToGo(osPid: number): void {
  try {
    const ours = Number(readFileSync('/proc/self/oom_score_adj', 'latin1'));
    writeFileSync(`/proc/${osPid}/oom_score_adj`, `${Math.min(SCORE_MAX, Math.max(SCORE, ours + ABOVE_OURS))}`);
  } catch {
    // It has ended already, or this is no Linux.
  }
}
