import { holders, hueOf, titleOf } from '../chart/chart.js';
import type { Chart, ChartState, ChartTransition } from '../chart/chart.js';
import { hueClass, mermaidClasses } from '../colours.js';
import { entered } from '../known.js';
import type { Known } from '../known.js';
import { ANYWHERE, byPair, doings, isMove, lineOf, times } from './lines.js';

/**
 * A chart as Mermaid text (stateDiagram-v2), in the part of the syntax that renders everywhere: states as boxes with
 * lines, one arrow per pair of states.
 */
export function mermaidOf(chart: Chart, known: Known): string {
  const holds = holders(chart);
  const lines: string[] = ['stateDiagram-v2'];
  const draw = (parent: string | null, indent: string): void => {
    for (const state of chart.states.filter((one) => one.parent === parent)) {
      const { path, kind, initial } = state;
      if (initial) lines.push(`${indent}[*] --> ${idOf(path)}`);
      if (holds.has(path)) {
        lines.push(
          `${indent}state "${titleOf(state)}${times(kind === 'atomic' ? 0 : entered(path, known))}" as ${groupOf(state)} {`,
        );
        if (kind === 'atomic') lines.push(...box(state, chart, known, `${indent}  `));
        draw(path, `${indent}  `);
        lines.push(`${indent}}`);
      } else lines.push(...box(state, chart, known, indent));
      if (kind === 'final') lines.push(`${indent}${idOf(path)} --> [*]`);
    }
  };
  draw(null, '  ');
  lines.push(...anywhere(chart, known));
  for (const [from, to, moves] of byPair(chart.transitions.filter(isMove)))
    lines.push(`  ${idOf(from)} --> ${idOf(to)} : ${moves.map((move) => lineOf(move, known)).join('<br/>')}`);
  lines.push(...colours(chart, holds, known));
  return lines.join('\n');
}

/** The same without what decides and what stays: states, and the events that lead from one to another. */
export function briefMermaidOf(chart: Chart): string {
  const bare = chart.states.map((state) => ({ ...state, entry: [], exit: [], effects: [] }));
  const seen = new Set<string>();
  const transitions = chart.transitions.filter(isMove).flatMap((move) => {
    const key = `${move.from} ${move.enters} ${move.event}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ ...move, guard: '', otherwise: false }];
  });
  return mermaidOf({ ...chart, effects: [], states: bare, transitions }, { words: {}, visits: null });
}

function box(state: ChartState, { transitions }: Chart, known: Known, indent: string): string[] {
  const { path } = state;
  const stays = transitions.filter((one) => one.from === path && !isMove(one));
  return [
    `${indent}state "${titleOf(state)}${times(entered(path, known))}" as ${idOf(path)}`,
    ...[...doings(state), ...staying(stays, known)].map((line) => `${indent}${idOf(path)} : ${line}`),
  ];
}

const staying = (stays: readonly ChartTransition[], known: Known): readonly string[] =>
  stays.map((stay) => `${stay.to === null ? 'stays on' : 'enters anew on'} ${lineOf(stay, known)}`);

function anywhere({ transitions, effects }: Chart, known: Known): string[] {
  const own = transitions.filter(({ from }) => from === null);
  const lines = [
    ...doings({ effects, entry: [], exit: [] }),
    ...own.map((one) => `${lineOf(one, known)}${one.to === null ? '' : ` → ${one.to}`}`),
  ];
  return lines.length === 0
    ? []
    : [`  state "${ANYWHERE}" as anywhere`, ...lines.map((line) => `  anywhere : ${line}`)];
}

/** States that are nowhere in the history are pale; the seven of the lifecycle have their colours. */
function colours({ states }: Chart, holds: ReadonlySet<string>, known: Known): string[] {
  const leaves = states.filter(({ path, kind }) => !holds.has(path) || kind === 'atomic');
  const byClass = new Map<string, string[]>();
  for (const { path } of leaves) {
    const pale = known.visits !== null && entered(path, known) === 0;
    const name = pale ? 'pale' : hueClass(hueOf(path));
    byClass.set(name, [...(byClass.get(name) ?? []), idOf(path)]);
  }
  const used = mermaidClasses().filter(([name]) => byClass.has(name));
  return used.flatMap(([name, style]) => [
    `  classDef ${name} ${style}`,
    `  class ${(byClass.get(name) ?? []).join(', ')} ${name}`,
  ]);
}

const idOf = (path: string): string => path.replaceAll(/[^A-Za-z0-9]/g, '_');
/** A state that stands beside its sub-states is not the box they lie in. */
const groupOf = ({ path, kind }: ChartState): string => (kind === 'atomic' ? `${idOf(path)}_group` : idOf(path));
