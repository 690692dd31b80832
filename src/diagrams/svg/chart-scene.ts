import { holders, hueOf, isWithin, titleOf } from '../chart/chart.js';
import type { Chart, ChartState } from '../chart/chart.js';
import { drawn } from '../chart/drawn.js';
import type { Drawn } from '../chart/drawn.js';
import type { Part } from '../chart/part.js';
import { EMPTY_BLOCK, flow } from './flow.js';
import type { Piece } from './flow.js';
import { countOf, paragraphsOf } from './label.js';
import { entered } from '../known.js';
import type { Known } from '../known.js';
import type { Visits } from '../visits/visits.js';
import type { Scene, SceneBox, SceneEdge } from './scene.js';
import { contentOf, runs } from './state-box.js';
import type { Told } from './state-box.js';

/** Widest label of an edge, before its lines are wrapped. */
const LABEL_WIDTH = 130;

/** A chart as a scene: states in their boxes, one edge per pair of states, what holds anywhere as a note. */
export function sceneOf(part: Part, known: Known): Scene {
  const { chart, title, subtitle } = part;
  const holds = holders(chart);
  const transitions = drawn(chart);
  const drawing: Drawing = { ...part, holds, known, transitions };
  return {
    title,
    subtitle,
    boxes: boxesIn(null, drawing),
    edges: [...initialEdges(drawing), ...edgesOf(drawing)],
    notes: notesOf(chart, transitions, known),
  };
}

function notesOf({ effects }: Chart, transitions: readonly Drawn[], known: Known): Scene['notes'] {
  const anywhere = transitions.filter(({ from }) => from === null);
  const always = effects.map((effect): Piece[] => [
    { text: 'runs', tone: 'faint' },
    { text: runs(effect), tone: 'event' },
  ]);
  const note = (heading: string, paragraphs: Piece[][]): Scene['notes'] =>
    paragraphs.length === 0 ? [] : [{ heading, paragraphs }];
  return [
    ...note('As long as it lives', always),
    ...note('Wherever a state says nothing of its own', paragraphsOf(anywhere, known, true)),
    ...note('Counted', known.visits === null ? [] : [[{ text: counted(known.visits), tone: 'words' }]]),
  ];
}

function counted({ records, actors, diverged }: Visits): string {
  const doubt = diverged === 0 ? '' : `; ${diverged} lead elsewhere than this machine does`;
  return `${records} deliveries to ${actors.length === 1 ? 'one actor' : `${actors.length} actors`}${doubt}. Pale: never.`;
}

interface Drawing extends Part {
  /** Paths of states that others lie in. */
  readonly holds: ReadonlySet<string>;
  readonly known: Known;
  readonly transitions: readonly Drawn[];
}

/** The box of a state with sub-states; one that is a state of its own beside them (`Running`) has its own box in it. */
const groupId = (path: string): string => `${path}/`;

/** Where an edge ends that leads to the state. */
function boxId(path: string, { chart, holds }: Drawing): string {
  const kind = chart.states.find((state) => state.path === path)?.kind;
  return holds.has(path) && kind !== 'atomic' ? groupId(path) : path;
}

function boxesIn(parent: string | null, drawing: Drawing): SceneBox[] {
  const own = drawing.chart.states.filter((state) => state.parent === parent);
  const dot = own.some(({ initial }) => initial) ? [dotOf(parent, drawing.chart)] : [];
  return [...dot, ...own.map((state) => boxOf(state, drawing))];
}

function boxOf(state: ChartState, drawing: Drawing): SceneBox {
  const { path, kind } = state;
  const { holds, known, around, transitions } = drawing;
  const stays = transitions.filter(
    ({ from, to, ofGroup }) => from === path && ofGroup === null && (to === null || to === from),
  );
  const hue = hueOf(path);
  const shape = around.has(path) ? 'ghost' : kind === 'final' ? 'final' : 'state';
  const named = titleOf(state);
  const own: SceneBox = {
    ...{ id: path, shape, hue, tip: path, children: [], pale: !wasVisited(path, known) },
    ...contentOf({ state, title: named, stays, count: entered(path, known), pale: !wasVisited(path, known) }, known),
  };
  if (!holds.has(path)) return own;
  const isItself = kind === 'atomic';
  const shared = transitions.filter(({ ofGroup, to }) => ofGroup === path && to === null);
  const pale = drawing.chart.states.every((other) => !isWithin(other.path, path) || !wasVisited(other.path, known));
  const count = isItself ? 0 : entered(path, known);
  const content = contentOf({ state: titleOnly(state), title: named, stays: [], count, pale }, known);
  const about = isItself ? { state: titleOnly(state), stays: shared } : { state, stays: [...stays, ...shared] };
  const note = noteOf({ ...about, title: '', count: 0, pale }, hue, known);
  const children = [...note, ...(isItself ? [own] : []), ...boxesIn(path, drawing)];
  return { ...content, id: groupId(path), shape: 'group', hue, tip: path, pale, children };
}

/** What is said of a group stands in a box of its own, which lines go round. */
function noteOf(told: Told, hue: string, known: Known): SceneBox[] {
  const { path } = told.state;
  const text = contentOf(told, known);
  if (text.content.height === 0) return [];
  return [{ ...text, id: `${path}/note`, shape: 'note', hue, tip: path, pale: told.pale, children: [] }];
}

const titleOnly = (state: ChartState): ChartState => ({ ...state, description: '', entry: [], exit: [], effects: [] });

const wasVisited = (path: string, known: Known): boolean => known.visits === null || entered(path, known) > 0;

const dotId = (parent: string | null): string => `${parent ?? ''}/initial`;

const dotOf = (parent: string | null, { id }: Chart): SceneBox => ({
  ...{ id: dotId(parent), shape: 'dot', hue: hueOf(parent ?? id), content: EMPTY_BLOCK, head: 0, children: [] },
  ...{ pale: false, tip: `${parent ?? id} begins here` },
});

const initialEdges = (drawing: Drawing): SceneEdge[] =>
  drawing.chart.states.flatMap(({ path, parent, initial }) =>
    initial
      ? [
          {
            ...{ id: `${dotId(parent)}>`, from: dotId(parent), to: boxId(path, drawing), label: EMPTY_BLOCK },
            ...{ timed: false, failed: false, count: null },
          },
        ]
      : [],
  );

/** One edge per pair of boxes, with everything that leads from the one to the other. */
function edgesOf(drawing: Drawing): SceneEdge[] {
  const { transitions, known } = drawing;
  const byPair = new Map<string, { readonly from: string; readonly to: string; readonly moves: Drawn[] }>();
  for (const move of transitions) {
    if (move.from === null || move.to === null || move.from === move.to) continue;
    const from = move.ofGroup === null ? boxId(move.from, drawing) : groupId(move.ofGroup);
    const to = boxId(move.to, drawing);
    const pair = byPair.get(`${from} → ${to}`);
    if (pair === undefined) byPair.set(`${from} → ${to}`, { from, to, moves: [move] });
    else pair.moves.push(move);
  }
  return [...byPair].map(([id, { from, to, moves }]) => ({
    ...{ id, from, to, label: flow(paragraphsOf(moves, known), LABEL_WIDTH) },
    timed: moves.every(({ kind }) => kind === 'after'),
    failed: moves.every(({ kind }) => kind === 'failed'),
    count: known.visits === null ? null : moves.reduce((sum, move) => sum + countOf(move, known), 0),
  }));
}
