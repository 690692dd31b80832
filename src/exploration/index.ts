export { explore } from './explore.js';
export type { Exploration, ExploreOptions, Violation } from './explore.js';
export type { Budget, Deed, Desk, Look, Scenario, Turn } from './scenario.js';
export { scenariosWith } from './scenarios/index.js';
export { breaker, deploying, oneProcess, serving } from './scenarios/one-release.js';
export { ending, proving, resuming } from './scenarios/routes.js';
export { pairs, switches } from './scenarios/switches.js';
