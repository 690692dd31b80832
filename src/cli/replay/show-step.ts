import { actText } from '../../api/trace.js';
import type { ReplayedStep } from '../../api/trace.js';
import type { Colors } from '../colors.js';
import { showDivergence } from './show-divergence.js';

/** One record: what came, where it led, what the actor asked for. */
export function showStep({ record, acts, divergences }: ReplayedStep, colors: Colors): readonly string[] {
  const { seq, atUs, actor, event, before, after } = record;
  const states = before === after ? after : `${before ?? '(new)'} → ${after}`;
  return [
    `${`#${seq}`.padStart(6)}  ${`+${(atUs / 1e6).toFixed(6)}`.padStart(11)}  ${actor}  ${event}  ${colors.cyan(states)}`,
    ...acts.map((act) => colors.dim(`${' '.repeat(21)}${actText(act)}`)),
    ...divergences.flatMap((found) => showDivergence(found, colors)),
  ];
}
