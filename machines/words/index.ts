import type { SENDERS } from '../senders.js';
import { PACKAGE_WORDS } from './package.js';
import { HEARTBEAT_WORDS, PROCESS_WORDS } from './process.js';
import { CHANGEOVER_WORDS, ROUTE_WORDS } from './route.js';
import { RUNNER_WORDS } from './runner.js';
import type { Vocabulary } from './words.js';

/** What the names of the machines mean, by machine id: diagrams, pages and sentences are made from it. */
export const VOCABULARY: { readonly [Of in keyof typeof SENDERS]: Vocabulary<Of> } = {
  runner: RUNNER_WORDS,
  package: PACKAGE_WORDS,
  process: PROCESS_WORDS,
  heartbeat: HEARTBEAT_WORDS,
  route: ROUTE_WORDS,
  changeover: CHANGEOVER_WORDS,
};

export { defaultMsOf, OPTION_WORDS, POLICY_DEFAULTS } from './options.js';
export type { OptionPath, Words as OptionWords } from './options.js';
export type { DelayMeaning, EventMeaning, Told, Vocabulary } from './words.js';
export type { EventData } from './phrases.js';
