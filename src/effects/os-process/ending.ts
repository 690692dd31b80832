import { constants } from 'node:os';
import type { IsolationLevel } from '../../platform/index.js';

/** How a process ended. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** In a namespace the shell in front of the process tells a signal as 128 + its number. */
export function howItEnded(exitCode: number | null, signal: NodeJS.Signals | null, level: IsolationLevel): Ending {
  if (level !== 'namespace' || exitCode === null || exitCode <= 128) return { exitCode, signal };
  const told = Object.entries(constants.signals).find(([, number]) => number === exitCode - 128);
  return told === undefined ? { exitCode, signal } : { exitCode: null, signal: told[0] as NodeJS.Signals };
}
