import type { OsCommand } from '../process.events.js';
import type { Invariant } from './invariant.js';
import type { Delivered, Seen } from './view.js';

/** One process, seen from the other end of its pipes. */
interface Pipe {
  readonly greeted: boolean;
  readonly expectsInfo: boolean;
  /** It answered what confirms that it is ready. */
  readonly confirmed: boolean;
  readonly callId: number | null;
  readonly leaves: boolean;
}
/** By actor path. */
type Pipes = Readonly<Record<string, Pipe>>;

const NEW: Pipe = { greeted: false, expectsInfo: false, confirmed: false, callId: null, leaves: false };

export const inFlight: Invariant<Pipes> = {
  number: 6,
  sentence: 'A process has at most one call in flight; none before the handshake, none after shutdown was asked.',
  start: {},
  hears: (seen) => isOfProcess(seen),
  watch(pipes, happened, view) {
    const known: Record<string, Pipe> = { ...pipes };
    const wrong: string[] = [];
    let met = false;
    for (const seen of happened) {
      if (!isOfProcess(seen)) continue;
      const pipe = known[seen.actor] ?? NEW;
      if (seen.what === 'asked' && seen.command.type === 'call.send') {
        met = true;
        wrong.push(...breaches(pipe).map((breach) => `${seen.actor}: ${breach}`));
      }
      known[seen.actor] = seen.what === 'asked' ? asked(pipe, seen.command) : heard(pipe, seen);
    }
    return {
      memory: Object.fromEntries(Object.entries(known).filter(([path]) => view.processes.has(path))),
      wrong,
      met,
    };
  },
};

const isOfProcess = (seen: Seen) => seen.what === 'asked' || (seen.what === 'delivered' && seen.machine === 'process');

const breaches = ({ callId, greeted, confirmed, leaves }: Pipe): readonly string[] => [
  ...(callId === null ? [] : ['two calls in flight']),
  ...(greeted && confirmed ? [] : ['a call before the handshake']),
  ...(leaves ? ['a call after it was asked to leave'] : []),
];

function asked(pipe: Pipe, command: OsCommand): Pipe {
  switch (command.type) {
    case 'hello.send':
      return { ...pipe, greeted: true };
    case 'info.send':
      return { ...pipe, expectsInfo: true };
    case 'call.send':
      return { ...pipe, callId: command.callId };
    case 'shutdown.send':
    case 'group.signal':
    case 'group.abandon':
      return { ...pipe, leaves: true };
    case 'ping.send':
      return pipe;
  }
}

function heard(pipe: Pipe, { event, before }: Delivered<'process'>): Pipe {
  if (before === null) return NEW;
  if (event.type === 'info.received') return { ...pipe, confirmed: pipe.confirmed || event.mismatches.length === 0 };
  if (event.type === 'pong.received') return { ...pipe, confirmed: pipe.confirmed || !pipe.expectsInfo };
  const ends = event.type === 'call.answered' || event.type === 'call.overdue';
  if (ends && event.callId === pipe.callId) return { ...pipe, callId: null };
  return event.type === 'os.exited' ? { ...pipe, callId: null, leaves: true } : pipe;
}
