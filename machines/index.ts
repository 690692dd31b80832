export * from './changeover.events.js';
export * from './changeover.machine.js';
export * from './effects.js';
export * from './fault.js';
export * from './heartbeat.machine.js';
export { INVARIANTS, nameInView } from './invariants/index.js';
export type {
  Asked,
  Contexts,
  Delivered,
  Emissions,
  Emitted,
  Ended,
  Events,
  Inner,
  Invariant,
  Judgement,
  MachineName,
  Seen,
  Shown,
  SystemView,
} from './invariants/index.js';
export * from './machines.js';
export * from './package.events.js';
export * from './package.machine.js';
export * from './probation.js';
export * from './process.events.js';
export * from './process.machine.js';
export * from './recovery.js';
export * from './release.js';
export * from './restart-policy.js';
export * from './retention.js';
export * from './route.events.js';
export * from './route-files.js';
export * from './route.machine.js';
export type { UnderWay } from './route.refusals.js';
export * from './runner.events.js';
export * from './runner.machine.js';
export { policyFor } from './runner.setup.js';
export * from './senders.js';
export { hasAnyTag, hasTag, isTimed } from './state-tags.js';
export type * from './tags.js';
export * from './take-up.js';
export * from './timings.js';
export { defaultMsOf, OPTION_WORDS, POLICY_DEFAULTS, VOCABULARY } from './words/index.js';
export type {
  DelayMeaning,
  EventData,
  EventMeaning,
  OptionPath,
  OptionWords,
  Told,
  Vocabulary,
} from './words/index.js';
export { hasInvisible, visibleJson, visibleText } from './visible-text.js';
