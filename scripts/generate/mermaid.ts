import type { Chart } from './chart.js';

/** A statechart as Mermaid text; states that only stay as they are on an event get no arrow. */
export function mermaidOf(chart: Chart): string {
  const lines = ['stateDiagram-v2'];
  const parents = new Set(chart.states.flatMap(({ path }) => ancestors(path)));
  const draw = (path: string | null, indent: string): void => {
    for (const state of chart.states) {
      if (parentOf(state.path) !== path) continue;
      const hasChildren = parents.has(state.path);
      if (state.initial) lines.push(`${indent}[*] --> ${idOf(state.path)}`);
      if (hasChildren) {
        lines.push(`${indent}state "${nameOf(state.path)}" as ${idOf(state.path)} {`);
        draw(state.path, `${indent}  `);
        lines.push(`${indent}}`);
      } else if (path !== null) lines.push(`${indent}state "${nameOf(state.path)}" as ${idOf(state.path)}`);
      if (state.final) lines.push(`${indent}${idOf(state.path)} --> [*]`);
    }
  };
  draw(null, '  ');
  for (const [arrow, labels] of arrows(chart)) lines.push(`  ${arrow} : ${labels.join(' / ')}`);
  return lines.join('\n');
}

/** One arrow per pair of states, labelled with its events. */
function arrows(chart: Chart): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { from, to, event } of chart.transitions) {
    if (to === null || to === from || from === '(any)') continue;
    const arrow = `${idOf(from)} --> ${idOf(to)}`;
    const labels = found.get(arrow) ?? [];
    if (!labels.includes(event)) labels.push(event);
    found.set(arrow, labels);
  }
  return found;
}

const ancestors = (path: string): string[] =>
  path
    .split('.')
    .slice(0, -1)
    .map((_part, i, all) => all.slice(0, i + 1).join('.'));

const parentOf = (path: string): string | null => (path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : null);
const nameOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
const idOf = (path: string): string => path.replaceAll('.', '_');
