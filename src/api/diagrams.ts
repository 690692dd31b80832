/** Diagrams of the machines, with how often a trace went where. The entry `procvision-runner/diagrams`. */
export { MACHINES } from '../../machines/index.js';
export {
  actorTree,
  countVisits,
  DIAGRAM_FORMATS,
  diagramJsonSchema,
  drawActors,
  drawMachine,
  readChart,
  WORDS as MACHINE_WORDS,
} from '../diagrams/index.js';
export type {
  ActorTree,
  Chart,
  ChartEffect,
  ChartState,
  ChartTransition,
  DelayWords,
  Delivered,
  DiagramFormat,
  DrawOptions,
  EventWords,
  MachineWords,
  Visits,
} from '../diagrams/index.js';
