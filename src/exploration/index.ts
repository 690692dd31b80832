export { explore } from './explore.js';
export type { Exploration, ExploreOptions, Violation } from './explore.js';
export type { Budget, Deed, Desk, Look, Scenario, Turn } from './scenario.js';
export { pairs, switches } from './scenarios/switches.js';
