export { ReplayedSystem } from './replayed-system.js';
export type { Divergence } from './replayed-system.js';
export { watchTrace } from './watch-trace.js';
export type { Watched } from './watch-trace.js';
