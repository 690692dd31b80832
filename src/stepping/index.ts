export { actText } from './act-text.js';
export { actsOf } from './acts.js';
export type { Act } from './acts.js';
export { valueOf } from './state-value.js';
export { stateOf, Stepper } from './stepper.js';
export type { Step } from './stepper.js';
