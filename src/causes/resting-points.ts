import { hasTag } from '../../machines/index.js';
import type { Tag } from '../../machines/index.js';

/** Steady states that share one of these are one stay: moves between them are daily work and explain nothing. */
const STAYS: readonly Tag[] = ['serving', 'confirmed', 'answering', 'proving'];

/** An actor stays in it until something happens to it; others it passes through on its way. */
export const isRestingPoint = (machine: string, state: string): boolean => hasTag(machine, state, 'steady');

/** Both the same state, or of one stay. */
export const isSameStay = (machine: string, a: string, b: string): boolean =>
  a === b ||
  (isRestingPoint(machine, a) &&
    isRestingPoint(machine, b) &&
    STAYS.some((tag) => hasTag(machine, a, tag) && hasTag(machine, b, tag)));
