import type { AnyStateMachine } from 'xstate';
import { actorsScene } from './actors/actors-scene.js';
import { actorTree } from './actors/actor-tree.js';
import { dotActors, mermaidActors } from './actors/actors-text.js';
import { fold } from './chart/fold.js';
import { partOf, whole } from './chart/part.js';
import type { Part } from './chart/part.js';
import { readChart } from './chart/read-chart.js';
import type { Known } from './known.js';
import { sceneOf } from './svg/chart-scene.js';
import { layOut } from './svg/layout.js';
import { paint } from './svg/paint.js';
import { compose } from './svg/picture.js';
import type { Scene } from './svg/scene.js';
import { dotOf } from './text/dot.js';
import { jsonOf } from './text/json.js';
import { mermaidOf } from './text/mermaid.js';
import type { Visits } from './visits/visits.js';
import { WORDS } from './words/of-machines.js';
import type { MachineWords } from './words/words.js';

/** In the order the help lists them. */
export const DIAGRAM_FORMATS = ['mermaid', 'svg', 'json', 'dot'] as const;
export type DiagramFormat = (typeof DIAGRAM_FORMATS)[number];

export interface DrawOptions {
  readonly format: DiagramFormat;
  /** What a history visited (`countVisits`): counts are shown, and what was never visited is pale. */
  readonly visits?: Visits | undefined;
  /** Path of the one state to draw, with everything in it and what leads in and out: `Stopped`. */
  readonly state?: string;
  /** States of the first level alone, with everything they hold folded into them. */
  readonly folded?: boolean;
  /** What the machine's names mean; for the Runner's own machines this is known. */
  readonly words?: MachineWords;
}

/**
 * Draws any XState machine: the Runner's (`MACHINES`) or one of your own.
 *
 * The same machine, options and version of this library give the same bytes.
 *
 * @returns Mermaid (stateDiagram-v2), SVG, JSON (docs/schemas/diagram.schema.json) or Graphviz text
 * @throws RangeError when no state has the path of `state`
 */
export async function drawMachine(machine: AnyStateMachine, options: DrawOptions): Promise<string> {
  const { format, state, words = WORDS[machine.id] ?? {} } = options;
  const { part, known } = chosen(machine, options, words);
  if (part.chart.states.length === 0) throw new RangeError(`the machine "${machine.id}" has no state "${state}"`);
  switch (format) {
    case 'mermaid':
      return `${mermaidOf(part.chart, known)}\n`;
    case 'dot':
      return `${dotOf(part.chart, known)}\n`;
    case 'json':
      return `${jsonOf(part.chart, known)}\n`;
    case 'svg':
      return drawScene(sceneOf(part, known));
  }
}

function chosen(
  machine: AnyStateMachine,
  { state, folded = false, visits: counted }: DrawOptions,
  words: MachineWords,
): { readonly part: Part; readonly known: Known } {
  const chart = readChart(machine, words.states);
  const visits = counted ?? null;
  if (state !== undefined) return { part: partOf(chart, state), known: { words, visits } };
  if (!folded) return { part: whole(chart), known: { words, visits } };
  const first = fold(chart, visits);
  return { part: whole(first.chart), known: { words, visits: first.visits } };
}

/** Draws which machine spawns which, from a root machine down. */
export async function drawActors(root: AnyStateMachine, { format }: Pick<DrawOptions, 'format'>): Promise<string> {
  const tree = actorTree(root);
  switch (format) {
    case 'mermaid':
      return `${mermaidActors(tree)}\n`;
    case 'dot':
      return `${dotActors(tree)}\n`;
    case 'json':
      return `${JSON.stringify(tree, null, 2)}\n`;
    case 'svg':
      return drawScene(actorsScene(tree));
  }
}

const drawScene = async (scene: Scene): Promise<string> => paint(compose(scene, await layOut(scene)));
