import { defaultMsOf, sendersOf, VOCABULARY } from '../../../machines/index.js';
import type { DelayMeaning, EventMeaning, Sender } from '../../../machines/index.js';
import type { DelayWords, MachineWords } from './words.js';

const saidBy = (meaning: string | EventMeaning): string => (typeof meaning === 'string' ? meaning : meaning.says);

function mapped<From, To>(
  table: Readonly<Record<string, From>>,
  to: (value: From, key: string) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, to(value, key)]));
}

const delayWords = ({ says, option }: DelayMeaning): DelayWords =>
  option === undefined ? { says, presetMs: 0 } : { says, option, presetMs: defaultMsOf(option) };

const ANY: Readonly<Record<Sender, string>> = {
  library: 'the library',
  runner: 'the runner',
  package: 'a package',
  process: 'a process',
  heartbeat: 'a heartbeat',
  route: 'a route',
  changeover: 'a changeover',
  os: 'the operating-system process',
  effect: 'an effect',
  itself: 'itself',
};

/** For a machine that has one of each. */
const OWN: Readonly<Record<Sender, string>> = {
  ...ANY,
  package: 'its package',
  process: 'its process',
  heartbeat: 'its heartbeat',
};

function sentBy(machine: string, type: string): string {
  const words = machine === 'process' || machine === 'heartbeat' ? OWN : ANY;
  return sendersOf(machine, type)
    .map((sender) => words[sender])
    .join(' or ');
}

/** What the names of the Runner's own machines mean, by machine id, as drawings and pages say it. */
export const WORDS: Readonly<Record<string, MachineWords>> = Object.fromEntries(
  Object.entries(VOCABULARY).map(([machine, { events, delays = {}, guards = {}, effects = {} }]) => [
    machine,
    {
      events: mapped(events, (meaning, type) => ({ from: sentBy(machine, type), says: saidBy(meaning) })),
      guards,
      delays: mapped(delays, delayWords),
      effects,
    },
  ]),
);
