export type { CauseKind } from './cause-node.js';
export type { EventSource } from './event-source.js';
export { nextEvents } from './next.js';
export type { NextEvent, NextReport } from './next.js';
export { whyActor } from './why.js';
export { whyInRun } from './why-in-run.js';
export type { WhyOptions } from './why-in-run.js';
export { RunOutline } from './run-outline.js';
export type { WhyLink, WhyReport } from './why.js';
