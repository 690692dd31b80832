import { STANDING } from '../trace/index.js';
import type { TraceRecord } from '../trace/index.js';

type Say = (data: Readonly<Record<string, unknown>>, record: TraceRecord) => string;

const operation = (id: unknown): string => (typeof id === 'number' && id > 0 ? ` (operation ${id})` : '');
const call = (data: Readonly<Record<string, unknown>>): string => `call ${String(data['callId'])}`;

/** Where a release goes that has used up its restarts. */
const GIVEN_UP = /^Stopped\.Recording|^Running\.Stopping|^Executing\.Draining|\.Halting$/;

/** What an event means, by machine and event; the ones that explain something. */
const SAYINGS: Readonly<Record<string, Say>> = {
  'runner xstate.init': () => 'a Runner was opened on the store',
  'runner xstate.done.actor.recoverStore': () => 'the store was read, and every release and route put in its place',
  'runner runner.close': () => 'somebody closed the Runner',
  'runner runner.hurry': () => 'somebody asked the Runner to close faster',
  'runner flows.finished': () => 'the last inspection under way had ended',
  'runner release.stop': (data) => `somebody asked to stop ${String(data['key'])}${operation(data['operationId'])}`,
  'runner release.uninstall': (data) =>
    `somebody asked to uninstall ${String(data['key'])}${operation(data['operationId'])}`,
  'runner package.found': (data) => `the package ${String(data['key'])} was handed in or found`,
  'runner changeover.asked': (data) =>
    `somebody asked to bind ${listed(data['pids'])} to ${releaseIn(data)}${operation(data['operationId'])}`,
  'runner rollback.wanted': (data) => `${String(data['pid'])} is to return to ${String(data['key'])} by itself`,
  'runner release.wanted': (data) => `a change of routes needs ${String(data['key'])}`,
  'runner package.reported': (data) => `${releaseIn(data)} told where it stands`,
  'runner package.lost': (data) => `${releaseIn(data)} lost a process while no call ran in it`,
  'runner route.asked': (data) => `${String(data['pid'])} was asked to hold still`,
  'runner route.prepared': (data) => `${String(data['pid'])} answered`,
  'runner changeover.reported': (data) => `the change was at ${String(data['stage'])}`,
  'package xstate.init': ({ input }) =>
    (input as { stored?: unknown } | undefined)?.stored === null
      ? 'it began, new to the store'
      : 'it was put in its place, as the store has it',
  'package package.start': (data) => `it was asked to start${operation(data['operationId'])}`,
  'package package.stop': (data) => `it was asked to stop${operation(data['operationId'])}`,
  'package package.deploy': () => 'it was asked to be deployed',
  'package package.uninstall': () => 'it was asked to be uninstalled',
  'package package.recheck': () => 'it was asked to be checked again',
  'package process.ready': (data) => `its process ${slot(data)} was ready`,
  'package process.ended': (data, { after }) =>
    data['fault'] === null
      ? `its process ${slot(data)} had left, as it was asked to`
      : `its process ${slot(data)} was lost${GIVEN_UP.test(after) ? ', and it is not to be started again' : ''}`,
  'package process.leaving': (data) => `its process ${slot(data)} is being ended although it was at rest`,
  'package package.hurry': () => 'what had not left yet was to be killed',
  'package xstate.after.cooldown.package.Stopped.Cooling': () =>
    'the pause after the last restart was over; one more start is tried',
  'package slot.restarted': (data) => `the pause before the restart of process ${slot(data)} was over`,
  'package call.requested': (data) => `somebody asked for ${call(data)}, on ${String(data['pid'])}`,
  'package call.settled': (data) => `${call(data)} ended: ${String(data['outcome'])}`,
  'package call.failed': (data) => `an attempt at ${call(data)} failed: ${String(data['outcome'])}`,
  'package call.returned': () => 'a call whose process was lost waits for another one',
  'process xstate.init': () => 'it was started',
  'process os.spawned': (data) => `the operating system gave it the number ${String(data['osPid'])}`,
  'process hello.received': () => 'it said hello',
  'process info.received': (data) =>
    Array.isArray(data['mismatches']) && data['mismatches'].length > 0
      ? `what it says of itself differs from its manifest: ${listed(data['mismatches'])}`
      : 'what it says of itself agrees with its manifest',
  'process pong.received': () => 'it answered a ping',
  'process start.refused': () => 'it refused to start',
  'process call.dispatched': (data) => `it was given ${call(data)}`,
  'process call.answered': (data) => `it answered ${call(data)}: ${String(data['outcome'])}`,
  'process call.overdue': (data) => `it had not answered ${call(data)} when the deadline came`,
  'process heartbeat.missed': (data) => `it answered no ping, ${String(data['misses'])} in a row`,
  'process heartbeat.recovered': () => 'it answered pings again',
  'process stream.faulted': () => 'it wrote something that is no frame',
  'process resources.sampled': () => 'it took more memory than it may, or used no CPU',
  'process process.stop': () => 'it was asked to leave',
  'process process.kill': () => 'it was to be killed',
  'process os.exited': (_data, { before }) => (before === 'Stopping' ? 'it left' : 'it ended'),
  'process xstate.after.helloDeadline.process.Starting': () => 'it had not said hello in time',
  'process xstate.after.confirmDeadline.process.Confirming': () => 'it had not confirmed in time that it is ready',
  'process xstate.after.shutdownDeadline.process.Stopping': () => 'it had not left in time, and was sent SIGTERM',
  'process xstate.after.terminateDeadline.process.Terminating': () =>
    'SIGTERM had not ended it, and it was sent SIGKILL',
  'heartbeat pong.received': () => 'its process answered',
  'heartbeat xstate.after.pingInterval.heartbeat.Resting': () => 'it was time for the next ping',
  'heartbeat xstate.after.pongGrace.heartbeat.Awaiting': () => 'no answer had come in time',
  'heartbeat xstate.after.pongGrace.heartbeat.Missing': () => 'again no answer had come in time',
  'route xstate.after.rollbackRetry.Failed': () => 'it was time to try once more to return',
  'route xstate.init': () => 'it was put in its place, as the store has it',
  'route route.prepare': (data) => `it was asked to hold still for a change to ${releaseIn(data)}`,
  'route route.commit': () => 'the change was written',
  'route route.abort': () => 'the change was called off; nothing was written',
  'route route.confirm': () => 'somebody ended the probation',
  'route call.observed': () => 'a call on the release on probation ended',
  'route release.lost': (data) => `a process of ${String(data['key'])} was lost`,
  'route release.changed': (data) => `${String(data['key'])} changed`,
  'changeover xstate.init': () => 'a change of routes began',
  'changeover route.prepared': (data) =>
    `${String(data['pid'])} ${data['refusal'] === null ? 'holds still' : 'refused'}`,
  'changeover release.changed': (data) =>
    `${String(data['key'])} ${data['able'] === true ? 'was ready' : 'was not able to serve'}`,
  'changeover changeover.cancel': () => 'it was called off',
};

/** What effects did, by name; with `recordRest` for all that writes down where a release rests. */
const EFFECTS: Readonly<Record<string, string>> = {
  recordRest: 'where it rests was written down',
  recordWish: 'that it is wanted running was written down',
  validatePackage: 'its package was checked',
  extractPackage: 'its package was unpacked',
  buildEnvironment: 'its Python environment was made',
  installWheels: 'its wheels were installed',
  completeDeployment: 'its deployment was completed',
  discardDeployment: 'what had been deployed of it was removed',
  removeRelease: 'it was taken off the disk',
  commitRoutes: 'the routes were written',
  recoverStore: 'the store was read',
};

/** One plain sentence of what happened, without its end. */
export function sentenceOf(record: TraceRecord): string {
  const { machine, event, data } = record;
  if (event === STANDING)
    return 'it stood here when the file was begun: what came before is not kept, or could not be written';
  const say = SAYINGS[`${machine} ${event}`];
  if (say !== undefined) return say(data, record);
  const [, how, effect = ''] = /^xstate\.(done|error)\.actor\.(.*)$/.exec(event) ?? [];
  if (how === 'done') return EFFECTS[effect] ?? `${effect} was done`;
  if (how === 'error') return `it failed that ${EFFECTS[effect] ?? `${effect} was done`}`;
  const [, delay] = /^xstate\.after\.([^.]+)\./.exec(event) ?? [];
  if (delay !== undefined) return `its ${spaced(delay)} was over`;
  return `it got ${event}`;
}

const releaseIn = ({ key }: Readonly<Record<string, unknown>>): string => (typeof key === 'string' ? key : 'nothing');

/** Slots count from 0, processes from 1. */
const slot = (data: Readonly<Record<string, unknown>>): string => String(Number(data['slot']) + 1);
const listed = (value: unknown): string =>
  Array.isArray(value) ? (value as unknown[]).map(String).join(', ') : String(value);
const spaced = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
