import type { ChangeoverEvent } from './changeover.events.js';
import type { HeartbeatEvent } from './heartbeat.machine.js';
import type { PackageEvent } from './package.events.js';
import type { ProcessEvent } from './process.events.js';
import type { RouteEvent } from './route.events.js';
import type { RunnerEvent } from './runner.events.js';

/**
 * Who sends an event: another machine, the library on behalf of people and hosts (`library`), the effect that owns an
 * operating-system process (`os`), an effect that has ended (`effect`), or the machine itself, at once or after a delay.
 */
export type Sender =
  'library' | 'runner' | 'package' | 'process' | 'heartbeat' | 'route' | 'changeover' | 'os' | 'effect' | 'itself';

/** Who sends each event of a machine; several where several may. */
export type Senders<Event extends { readonly type: string }> = Readonly<
  Record<Event['type'], Sender | readonly Sender[]>
>;

/**
 * The one table of senders, by receiving machine. Diagrams, `why`, `next`, replay and the generated pages take it from
 * here.
 */
export const SENDERS: {
  readonly runner: Senders<RunnerEvent>;
  readonly package: Senders<PackageEvent>;
  readonly process: Senders<ProcessEvent>;
  readonly heartbeat: Senders<HeartbeatEvent>;
  readonly route: Senders<RouteEvent>;
  readonly changeover: Senders<ChangeoverEvent>;
} = {
  runner: {
    'package.reported': 'package',
    'package.gone': 'package',
    'package.lost': 'package',
    'route.prepared': 'route',
    'route.reported': 'route',
    'rollback.wanted': 'route',
    'route.asked': 'changeover',
    'release.wanted': 'changeover',
    'changeover.reported': 'changeover',
    'package.found': 'library',
    'changeover.asked': 'library',
    'changeover.cancel': 'library',
    'changeover.measured': 'library',
    'release.stop': 'library',
    'release.uninstall': 'library',
    'runner.close': 'library',
    'runner.hurry': 'library',
    'flows.finished': 'library',
  },
  package: {
    'package.deploy': 'library',
    'package.start': ['library', 'runner'],
    'package.recheck': 'library',
    'package.stop': 'runner',
    'package.uninstall': 'runner',
    'package.hurry': 'runner',
    'call.requested': 'library',
    'call.cancelled': 'library',
    'call.expired': 'library',
    'call.settled': 'process',
    'call.failed': 'process',
    'process.ready': 'process',
    'process.leaving': 'process',
    'process.ended': 'process',
    'call.waited': 'itself',
    'call.returned': 'itself',
    'slot.restarted': 'itself',
  },
  process: {
    'call.dispatched': 'package',
    'process.stop': 'package',
    'process.kill': 'package',
    'heartbeat.due': 'heartbeat',
    'heartbeat.missed': 'heartbeat',
    'heartbeat.recovered': 'heartbeat',
    'os.spawned': 'os',
    'hello.received': 'os',
    'info.received': 'os',
    'pong.received': 'os',
    'call.answered': 'os',
    'call.overdue': 'os',
    'reply.dropped': 'os',
    'start.refused': 'os',
    'stream.faulted': 'os',
    'shutdown.acknowledged': 'os',
    'resources.sampled': 'os',
    'os.exited': 'os',
  },
  heartbeat: { 'pong.received': 'process' },
  route: {
    'route.prepare': 'runner',
    'route.commit': 'runner',
    'route.abort': 'runner',
    'release.changed': 'runner',
    'release.lost': 'runner',
    'route.confirm': 'library',
    'call.observed': 'library',
    'flow.opened': 'library',
    'flow.closed': 'library',
  },
  changeover: {
    'route.prepared': 'runner',
    'release.changed': 'runner',
    'changeover.cancel': 'runner',
  },
};

const BY_MACHINE: Readonly<Record<string, Readonly<Record<string, Sender | readonly Sender[]>>>> = SENDERS;

/** @returns nobody for an event that the machine does not know */
export function sendersOf(machine: string, type: string): readonly Sender[] {
  if (type.startsWith('xstate.after.')) return ['itself'];
  if (/^xstate\.(done|error)\.actor\./.test(type)) return ['effect'];
  const known = BY_MACHINE[machine];
  if (known === undefined || !Object.hasOwn(known, type)) return [];
  return [known[type] ?? []].flat();
}

const OUTSIDE: ReadonlySet<Sender> = new Set(['library', 'os', 'effect', 'itself']);

/** Whether only another machine can have sent it. */
export function isFromAnotherMachine(machine: string, event: { readonly type: string }): boolean {
  if (event.type === 'xstate.stop') return true;
  // The Runner's own wish that a release runs belongs to no operation.
  if (machine === 'package' && event.type === 'package.start') return 'operationId' in event && event.operationId === 0;
  const senders = sendersOf(machine, event.type);
  return senders.length > 0 && !senders.some((sender) => OUTSIDE.has(sender));
}
