export type { CauseKind } from './cause-node.js';
export type { EventSource } from './event-source.js';
export { nextEvents } from './next.js';
export type { NextEvent, NextReport } from './next.js';
export { whyActor } from './why.js';
export { whyInRun } from './why-in-run.js';
export type { WhyOptions } from './why-in-run.js';
export { nextInRun } from './next-in-run.js';
export type { WhyGap, WhyLink, WhyReport } from './why.js';
