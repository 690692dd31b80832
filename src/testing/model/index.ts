export { Composition } from './composition.js';
export type { Delivery, Observer } from './composition.js';
export { Coverage, transitionName } from './coverage.js';
export { STOP } from './nodes.js';
export type { EffectNode, MachineNode, Node, OsNode, Timer } from './nodes.js';
export * from './os-model.js';
