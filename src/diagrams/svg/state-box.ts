import type { ChartEffect, ChartState } from '../chart/chart.js';
import type { Drawn } from '../chart/drawn.js';
import { EMPTY_BLOCK, flow, paragraph, stack } from './flow.js';
import type { Block, Piece } from './flow.js';
import { paragraphsOf } from './label.js';
import type { Known } from '../known.js';

export interface Content {
  readonly content: Block;
  /** Where the rule below the title is; 0: nothing follows the title. */
  readonly head: number;
}

const TEXT_WIDTH = 210;
const SECTION_GAP = 7;

export interface Told {
  readonly state: ChartState;
  /** Empty: the rest alone, which is said of a group. */
  readonly title: string;
  /** What it takes without leaving. */
  readonly stays: readonly Drawn[];
  /** How often it was entered; 0 shows nothing. */
  readonly count: number;
  readonly pale: boolean;
}

/** What stands in a state's box: its name, what it means, what it does, what it takes without leaving. */
export function contentOf({ state, title, stays, count, pale }: Told, known: Known): Content {
  const counted: Piece[] = count > 0 ? [{ text: `×${count}`, tone: 'count' }] : [];
  const heading = flow([[{ text: title, tone: 'title', pale }, ...counted]], Infinity);
  const rest = stack(
    [
      state.description === '' ? EMPTY_BLOCK : dimmed(paragraph(state.description, 'words', TEXT_WIDTH), pale),
      dimmed(doing(state), pale),
      staying(stays, title === '' ? 'each of these stays on' : 'stays on', pale, known),
    ],
    SECTION_GAP,
  );
  if (title === '') return { content: rest, head: 0 };
  if (rest.height === 0) return { content: heading, head: 0 };
  return { content: stack([heading, rest], HEAD_GAP), head: heading.height + HEAD_GAP / 2 };
}

/** What is taken without leaving the state. */
function staying(stays: readonly Drawn[], heading: string, pale: boolean, known: Known): Block {
  if (stays.length === 0) return EMPTY_BLOCK;
  return flow([[{ text: heading, tone: 'faint', pale }], ...paragraphsOf(stays, known)], TEXT_WIDTH);
}

const HEAD_GAP = 9;

export const runs = ({ id, name }: ChartEffect): string => (id === name ? name : `${name} (${id})`);

function doing({ entry, exit, effects }: ChartState): Block {
  const lines: Piece[][] = [
    ...effects.map((effect): Piece[] => [
      { text: 'runs', tone: 'faint' },
      { text: runs(effect), tone: 'event' },
    ]),
    ...each('on entry', entry),
    ...each('on exit', exit),
  ];
  return flow(lines, TEXT_WIDTH);
}

const each = (when: string, actions: readonly string[]): Piece[][] =>
  actions.length === 0
    ? []
    : [[{ text: when, tone: 'faint' }, ...actions.map((text): Piece => ({ text, tone: 'faint' }))]];

const dimmed = (block: Block, pale: boolean): Block =>
  pale ? { ...block, pieces: block.pieces.map((piece) => ({ ...piece, pale })) } : block;
