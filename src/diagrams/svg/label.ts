import type { ChartTransition } from '../chart/chart.js';
import type { Drawn } from '../chart/drawn.js';
import type { EventKind } from '../chart/event-name.js';
import type { Known } from '../known.js';
import { sayDelay } from '../words/words.js';
import type { MachineWords } from '../words/words.js';
import type { Piece, Tone } from './flow.js';

/**
 * Transitions as paragraphs: one per event, with the guards that decide in the order in which they are tried. Each is
 * one piece: its guard or, where it has none, its event.
 */
export function paragraphsOf(transitions: readonly Drawn[], known: Known, withTargets = false): Piece[][] {
  const byEvent = new Map<string, Drawn[]>();
  for (const transition of transitions) {
    const same = byEvent.get(transition.event);
    if (same === undefined) byEvent.set(transition.event, [transition]);
    else same.push(transition);
  }
  return [...byEvent.values()].map((same) => paragraphOf(same, known, withTargets));
}

function paragraphOf(same: readonly Drawn[], known: Known, withTargets: boolean): Piece[] {
  const [first] = same;
  if (first === undefined) return [];
  const stands = same.find(({ guard, otherwise }) => guard === '' && !otherwise);
  const tone = TONES[first.kind];
  const heading: Piece = { text: textOf(first, known.words), tone, pale: same.every((one) => isPale(one, known)) };
  const pieces = stands === undefined ? [heading] : [...pieceOf(stands, heading.text, tone, known, withTargets)];
  for (const one of same)
    if (one !== stands) pieces.push(...pieceOf(one, `[${one.guard || 'otherwise'}]`, 'guard', known, withTargets));
  return pieces;
}

const TONES: Readonly<Record<EventKind, Tone>> = {
  event: 'event',
  after: 'after',
  done: 'event',
  failed: 'failed',
  always: 'event',
};

function pieceOf(one: Drawn, text: string, tone: Tone, known: Known, withTargets: boolean): Piece[] {
  const count = countOf(one, known);
  const anew = one.to !== null && one.to === one.from ? [{ text: '↻', tone: 'guard' as const }] : [];
  const target = withTargets && one.to !== null ? [{ text: `→ ${one.to}`, tone: 'target' as const }] : [];
  const counted = count > 0 ? [{ text: `×${count}`, tone: 'count' as const }] : [];
  const pale = isPale(one, known);
  return [
    { text, tone, transitions: one.all, tip: tipOf(one, known.words), pale },
    ...[...anew, ...target, ...counted].map((piece) => ({ ...piece, pale, glued: true })),
  ];
}

/** How often it was taken, wherever it was. */
export const countOf = ({ all }: Drawn, { visits }: Known): number =>
  all.reduce((sum, index) => sum + (visits?.transitions[index] ?? 0), 0);

const isPale = (one: Drawn, known: Known): boolean => known.visits !== null && countOf(one, known) === 0;

function textOf({ event, kind }: ChartTransition, { delays = {} }: MachineWords): string {
  const delay = kind === 'after' ? delays[event.slice('after '.length)] : undefined;
  return delay === undefined ? event : `${event} (${sayDelay(delay)})`;
}

/** Everything of a transition, in lines. */
export function tipOf(one: ChartTransition, { guards = {}, events = {} }: MachineWords): string {
  const where = `${one.from ?? 'anywhere'} → ${one.to ?? 'stays'}`;
  const meaning = guards[one.guard.replace(/\(.*/, '')];
  return [
    `${where} on ${one.event}`,
    events[one.event]?.says,
    one.description,
    one.guard === '' ? undefined : `if ${one.guard}${meaning === undefined ? '' : `: ${meaning}`}`,
    one.actions.length === 0 ? undefined : `does ${one.actions.join(', ')}`,
  ]
    .filter((line) => line !== undefined && line !== '')
    .join('\n');
}
