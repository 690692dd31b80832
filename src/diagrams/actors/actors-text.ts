import type { ActorTree } from './actor-tree.js';

/** The tree of actors for Mermaid (flowchart). */
export function mermaidActors(tree: ActorTree): string {
  const lines = ['flowchart TD'];
  each(tree, (one) => {
    const effects = one.children.filter(({ machine }) => machine === null).map(({ name }) => `<br/>runs ${name}`);
    lines.push(`  ${one.name}["<b>${one.name}</b>${effects.join('')}"]`);
  });
  each(tree, (one) => {
    for (const child of machines(one)) lines.push(`  ${one.name} -->|spawns| ${child.name}`);
  });
  return lines.join('\n');
}

/** The same for Graphviz. */
export function dotActors(tree: ActorTree): string {
  const lines = ['digraph "actors" {', '  node [shape=box, style=rounded, fontname="Helvetica", fontsize=10];'];
  each(tree, (one) => {
    const effects = one.children.filter(({ machine }) => machine === null).map(({ name }) => `runs ${name}\\l`);
    lines.push(`  "${one.name}" [label="${one.name}\\l${effects.join('')}"];`);
  });
  each(tree, (one) => {
    for (const child of machines(one)) lines.push(`  "${one.name}" -> "${child.name}";`);
  });
  return [...lines, '}'].join('\n');
}

const machines = ({ children }: ActorTree): readonly ActorTree[] => children.filter(({ machine }) => machine !== null);

function each(tree: ActorTree, visit: (machine: ActorTree) => void): void {
  visit(tree);
  for (const child of machines(tree)) each(child, visit);
}
