import { sendersOf } from '../../../machines/index.js';
import type { Sender, SENDERS } from '../../../machines/index.js';
import type { EventWords } from './words.js';

type Machine = keyof typeof SENDERS;

/** What the events of a machine say, each of them; who sends them is known to the machines. */
export function eventWords<Of extends Machine>(
  machine: Of,
  says: Readonly<Record<keyof (typeof SENDERS)[Of], string>>,
): Readonly<Record<string, EventWords>> {
  const all: readonly [string, string][] = Object.entries(says);
  return Object.fromEntries(all.map(([type, said]) => [type, { from: sentBy(machine, type), says: said }]));
}

function sentBy(machine: Machine, type: string): string {
  const words = machine === 'process' || machine === 'heartbeat' ? OWN : ANY;
  return sendersOf(machine, type)
    .map((sender) => words[sender])
    .join(' or ');
}

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
