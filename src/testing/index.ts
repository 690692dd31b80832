/**
 * For testers (`procvision-runner/testing`): the composition of the machines with a model of the operating system, the
 * exploration of every state it can reach, and what transitions were taken.
 */
export { explore, scenariosWith } from './exploration/index.js';
export type { Exploration, ExploreOptions, Scenario, Violation } from './exploration/index.js';
export { Composition, Coverage } from './model/index.js';
export type { Delivery, Observer } from './model/index.js';
export type * from './mentioned-types.js';
