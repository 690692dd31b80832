import { holders, hueOf, isWithin, titleOf } from '../chart/chart.js';
import type { Chart, ChartState } from '../chart/chart.js';
import { HUES, hueClass } from '../colours.js';
import { entered } from '../known.js';
import type { Known } from '../known.js';
import { ANYWHERE, byPair, doings, isMove, lineOf, times } from './lines.js';

/** A chart as Graphviz text: clusters for states with sub-states, one edge per pair of states. */
export function dotOf(chart: Chart, known: Known): string {
  const holds = holders(chart);
  const draw = (parent: string | null, indent: string): string[] =>
    chart.states
      .filter((one) => one.parent === parent)
      .flatMap((state) => {
        const { path, initial, kind } = state;
        const start = initial
          ? [dotNode(parent, indent), `${indent}${quote(`${parent ?? ''}/initial`)} -> ${quote(leafOf(path, chart))};`]
          : [];
        if (!holds.has(path)) return [...start, node(state, chart, known, indent)];
        const [fill, border] = HUES[hueClass(hueOf(path))].light;
        return [
          ...start,
          `${indent}subgraph ${quote(`cluster_${path}`)} {`,
          `${indent}  label=${quote(titleOf(state))}; style="rounded,filled"; fillcolor="${fill}80"; color="${border}";`,
          ...(kind === 'atomic' ? [node(state, chart, known, `${indent}  `)] : []),
          ...draw(path, `${indent}  `),
          `${indent}}`,
        ];
      });
  return [
    `digraph ${quote(chart.id)} {`,
    '  graph [compound=true, fontname="Helvetica", fontsize=12, labeljust=l, nodesep=0.4, ranksep=0.5];',
    '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=10];',
    '  edge [fontname="Helvetica", fontsize=9, color="#7c8a9c", arrowsize=0.7];',
    ...draw(null, '  '),
    ...anywhere(chart, known),
    ...byPair(chart.transitions.filter(isMove)).map(([from, to, moves]) => {
      const count = moves.reduce((sum, { index }) => sum + (known.visits?.transitions[index] ?? 0), 0);
      const look =
        known.visits === null
          ? ''
          : count > 0
            ? ', color="#2563eb", penwidth=2'
            : ', color="#7c8a9c55", fontcolor="#00000066"';
      return `  ${quote(leafOf(from, chart))} -> ${quote(to)} [label=${label(moves.map((move) => lineOf(move, known)))}${look}];`;
    }),
    '}',
  ].join('\n');
}

const dotNode = (parent: string | null, indent: string): string =>
  `${indent}${quote(`${parent ?? ''}/initial`)} [shape=point, label="", width=0.12];`;

function node(state: ChartState, { transitions }: Chart, known: Known, indent: string): string {
  const { path, kind } = state;
  const stays = transitions.filter((one) => one.from === path && !isMove(one));
  const lines = [
    `${titleOf(state)}${times(entered(path, known))}`,
    ...doings(state),
    ...stays.map((stay) => `${stay.to === null ? 'stays on' : 'enters anew on'} ${lineOf(stay, known)}`),
  ];
  const pale = known.visits !== null && entered(path, known) === 0;
  const [fill, border] = HUES[hueClass(hueOf(path))].light;
  const look = `fillcolor="${fill}${pale ? '66' : ''}", color="${border}${pale ? '66' : ''}"${pale ? ', fontcolor="#00000066"' : ''}`;
  return `${indent}${quote(path)} [label=${label(lines)}, ${look}${kind === 'final' ? ', peripheries=2' : ''}];`;
}

function anywhere({ transitions, effects }: Chart, known: Known): string[] {
  const own = transitions.filter(({ from }) => from === null);
  const lines = [
    ...doings({ effects, entry: [], exit: [] }),
    ...own.map((one) => `${lineOf(one, known)}${one.to === null ? '' : ` → ${one.to}`}`),
  ];
  if (lines.length === 0) return [];
  return [`  "(anywhere)" [shape=note, style="", label=${label([ANYWHERE, ...lines])}];`];
}

/** Edges end at nodes, never at clusters: at the one that is begun with. */
function leafOf(path: string, { states }: Chart): string {
  const first = states.find(({ initial, parent, path: own }) => initial && parent === path && isWithin(own, path));
  return first === undefined ? path : leafOf(first.path, { states } as Chart);
}

const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
/** Lines, each set to the left. */
const label = (lines: readonly string[]): string =>
  `${quote(lines.join('\n')).replaceAll('\n', '\\l').slice(0, -1)}\\l"`;
