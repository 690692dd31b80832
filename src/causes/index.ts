export type { CauseKind } from './cause-node.js';
export type { EventSource } from './event-source.js';
export { nextEvents } from './next.js';
export type { NextEvent, NextReport } from './next.js';
export { whyActor } from './why.js';
export type { WhyLink, WhyReport } from './why.js';
