import { flow, paragraph, stack } from '../svg/flow.js';
import type { Block } from '../svg/flow.js';
import type { Scene, SceneBox, SceneEdge } from '../svg/scene.js';
import type { ActorTree } from './actor-tree.js';

/** The tree of actors as a scene: machines as boxes with the effects they ask for, an edge from who spawns to what. */
export function actorsScene(tree: ActorTree): Scene {
  const machines = machinesIn(tree);
  return {
    title: 'Actors',
    subtitle: 'Which machine spawns which, and the effects each asks for.',
    boxes: machines.map(boxOf),
    edges: machines.flatMap(edgesFrom),
    notes: [],
  };
}

const machinesIn = (tree: ActorTree): ActorTree[] =>
  tree.machine === null ? [] : [tree, ...tree.children.flatMap(machinesIn)];

const TEXT_WIDTH = 190;

function boxOf({ name, description, children }: ActorTree): SceneBox {
  const effects = children.filter(({ machine }) => machine === null);
  const heading = flow([[{ text: name, tone: 'title' }]], Infinity);
  const asked: Block = flow(
    effects.map((effect) => [
      { text: 'runs', tone: 'faint' },
      { text: effect.name, tone: 'event', tip: effect.description },
    ]),
    TEXT_WIDTH,
  );
  const rest = stack([paragraph(description, 'words', TEXT_WIDTH), asked], 7);
  return {
    ...{ id: name, shape: 'state', hue: '', tip: description, pale: false, children: [] },
    content: stack([heading, rest], 9),
    head: heading.height + 4.5,
  };
}

const edgesFrom = ({ name, children }: ActorTree): SceneEdge[] =>
  children
    .filter(({ machine }) => machine !== null)
    .map((child) => ({
      ...{ id: `${name} > ${child.name}`, from: name, to: child.name, timed: false, failed: false, count: null },
      label: flow([[{ text: 'spawns', tone: 'faint' }]], Infinity),
    }));
