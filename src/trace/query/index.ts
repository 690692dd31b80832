export { Correlator } from './correlation.js';
export type { Correlation } from './correlation.js';
export { faultIn, isFailure } from './failure.js';
export type { SeenFault } from './failure.js';
export { eventTest, filterTrace, isAtOrBelow, traceFilter } from './filter.js';
export type { TraceFilter } from './filter.js';
export { StatsCounter, traceStats } from './stats.js';
export type { ActorStats, StateStats, TraceStats } from './stats.js';
