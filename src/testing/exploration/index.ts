export { explore } from './explore.js';
export type { Exploration, ExploreOptions, Violation } from './explore.js';
export type { Budget, UserAction, Environment, Look, Scenario, Response } from './scenario.js';
export { keyOf } from './dead-fields.js';
export { FrontEnd } from './environment.js';
export type { Stimulus } from './stimuli.js';
export { System, WIDTH } from './system.js';
export type { Move } from './system.js';
export { scenariosWith } from './scenarios/index.js';
export {
  breaker,
  deploying,
  draining,
  losing,
  oneProcess,
  serving,
  undeployed,
  waiting,
} from './scenarios/one-release.js';
export { blundering, ending, lasting, proving, resuming, wavering } from './scenarios/routes.js';
export { pairs, switches } from './scenarios/switches.js';
