/** Diagrams of the machines, with how often a trace went where. The entry `procvision-runner/diagrams`. */
export { MACHINES } from '../../machines/index.js';
export {
  countVisits,
  DIAGRAM_FORMATS,
  diagramJsonSchema,
  drawActors,
  drawMachine,
  readChart,
  WORDS as MACHINE_WORDS,
} from '../diagrams/index.js';
export type {
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

// Mentioned by the signatures above.
export type { StateKind } from '../diagrams/chart/chart.js';
export type { EventKind } from '../diagrams/chart/event-name.js';
export type { DiagramSchema } from '../diagrams/text/json-schema.js';
