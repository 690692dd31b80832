import type { PackageContext } from '../../../../machines/index.js';
import type { Rule } from './rule.js';
import { deliveredTo, lives, living } from './rule.js';

const IS_BROUGHT_TO_REST = /Stopping|Halting|Concluding/;
const SERVES = /^(Running|Executing)$/;
const HAS_PROCESSES = /^(Running|Executing)|Starting|Halting|Probing|Concluding/;

const isAt = (phase: string, state: string): boolean => {
  switch (phase) {
    case 'starting':
      return state === 'Starting' || state === 'Confirming';
    case 'ready':
      return state === 'Running';
    case 'executing':
      return state.startsWith('Executing');
    case 'leaving':
      return /^(Stopping|Terminating|Killing)$/.test(state);
    default:
      return false;
  }
};

/** Slots tell how the processes are: nobody is given a call that is not ready, nobody is forgotten. */
export const slotsAreTrue: Rule = (system, judge) => {
  const processes = new Map(living(system, 'process').map((one) => [one.path, one]));
  for (const { path, state, context } of living(system, 'package'))
    for (const [slot, { phase, call }] of context.slots.entries()) {
      const process = processes.get(`${path}/process/${slot + 1}`);
      judge(
        (process === undefined) === (phase === 'empty'),
        () => `${path}: slot ${slot} is ${phase}, its process ${process?.state}`,
      );
      if (process === undefined || IS_BROUGHT_TO_REST.test(state)) continue;
      // One that could not start says so only when it has ended.
      const failsToStart = phase === 'starting' && /^(Stopping|Terminating|Killing)$/.test(process.state);
      judge(
        failsToStart || isAt(phase, process.state),
        () => `${path}: slot ${slot} is ${phase}, its process ${process.state}`,
      );
      if (phase === 'executing')
        judge(call?.callId === process.context.callId, () => `${path}: slot ${slot} is thought to run another call`);
    }
};

const hasA = (phase: string, { slots }: PackageContext): boolean => slots.some((slot) => slot.phase === phase);

/** The states of a release that serves are what their names say; no call waits for what is there. */
export const releasesAreWhatTheySay: Rule = (system, judge) => {
  for (const { path, state, context } of living(system, 'package')) {
    const { queue, slots } = context;
    if (state === 'Executing') judge(hasA('executing', context), () => `${path} is Executing without a call`);
    if (state === 'Running')
      judge(hasA('ready', context) && !hasA('executing', context), () => `${path} is Running without an idle process`);
    if (state === 'Running.Restarting')
      judge(!hasA('ready', context) && !hasA('executing', context), () => `${path} is Restarting with a process`);
    if (state === 'Executing.Draining')
      judge(hasA('executing', context) || hasA('leaving', context) || queue.length > 0, () => `${path} drains nothing`);
    if (!HAS_PROCESSES.test(state)) {
      judge(
        slots.every(({ phase }) => phase === 'empty'),
        () => `${path} is ${state} with a process`,
      );
      judge(queue.length === 0 || /Requested/.test(state), () => `${path} is ${state} with calls that wait`);
    }
    if (!/^(Running|Executing|Executing\.Draining|Running\.Restarting)$/.test(state)) continue;
    for (const { callId, home } of queue) {
      const isLost = home !== null && !/ready|executing/.test(slots[home]?.phase ?? '');
      judge(!isLost, () => `${path}: call ${callId} waits for a process that is gone`);
      const isFree = home === null ? hasA('ready', context) : slots[home]?.phase === 'ready';
      judge(!isFree, () => `${path}: call ${callId} waits although a process is idle`);
    }
  }
};

/** Who is brought to rest has asked its processes to leave; who serves has a process in every place, or will have. */
export const processesAreKept: Rule = (system, judge) => {
  const processes = living(system, 'process');
  for (const { path, state, context } of living(system, 'package')) {
    if (IS_BROUGHT_TO_REST.test(state))
      for (const process of processes)
        if (process.path.startsWith(`${path}/`))
          judge(
            /^(Stopping|Terminating|Killing|Stopped)$/.test(process.state),
            () => `${process.path} is ${process.state} although ${path} is ${state}`,
          );
    if (!/^(Running|Executing|Running\.Restarting)$/.test(state)) continue;
    const timers = system.timersOf(path);
    for (const [slot, { phase }] of context.slots.entries())
      if (phase === 'empty')
        judge(timers.includes(`restart.${slot}`), () => `${path}: slot ${slot} is empty and stays so`);
  }
};

/** A drain ends before its deadline only when no call is left that a process could still serve. */
export const drainsAreFinished: Rule = (system, judge) => {
  for (const { actor, event, before, after } of deliveredTo(system, 'package')) {
    if (before?.state !== 'Executing.Draining' || after.state === before.state) continue;
    if (!/^(call\.(settled|failed)|process\.ended)$/.test(event.type)) continue;
    const others = before.context.slots.filter((_slot, i) => i !== event['slot']);
    const isFreed = event.type !== 'process.ended' && event['leaving'] !== true;
    const isPending = others.some(({ phase, call, abandoned }) => phase === 'leaving' && call !== null && !abandoned);
    const isOpen = others.some(({ phase }) => phase === 'executing') || (isFreed && isPending);
    judge(!isOpen, () => `${actor} is ${after.state} after ${event.type} although calls are left`);
  }
};

/** A process that has ended is taken away before another takes its place. */
export const endsAreTakenAway: Rule = (system, judge) => {
  for (const { actor, event, before } of deliveredTo(system, 'package')) {
    if (event.type === 'slot.restarted' && /^(Running|Executing)$|Restarting/.test(before?.state ?? ''))
      judge(
        lives(system, `${actor}/process/${(event['slot'] as number) + 1}`),
        () => `${actor} does not start slot ${String(event['slot'])} again`,
      );
    if (event.type !== 'process.ended' || before === null) continue;
    const path = `${actor}/process/${(event['slot'] as number) + 1}`;
    const isAway = system.seen.some((seen) => seen.what === 'ended' && seen.actor === path);
    judge(isAway, () => `${path} has ended and is not taken away`);
  }
};

/** Calls that wait have a deadline, others have none; nothing is to be restarted where nothing runs. */
export const timersAreTrue: Rule = (system, judge) => {
  for (const { path, context } of living(system, 'package')) {
    const armed = system.timersOf(path).filter((id) => id.startsWith('wait.'));
    const waits = [...armed].sort().join();
    const meant = context.queue.map(({ callId }) => `wait.${callId}`).sort();
    judge(waits === meant.join(), () => `${path}: ${meant.join()} wait, but the deadlines are ${waits}`);
  }
};

/** A loss is told, to be judged by every PID; and so is its reason. */
export const lossesAreTold: Rule = (system, judge) => {
  const told = deliveredTo(system, 'runner').filter(({ event }) => event.type === 'package.lost');
  for (const { actor, event, before, after } of deliveredTo(system, 'package')) {
    if (before === null) continue;
    const { key } = after.context;
    const isHeard = told.some((loss) => loss.event['key'] === key);
    if (event.type === 'process.leaving' && /^(Running|Executing|Executing\.Draining)$/.test(before.state))
      judge(isHeard, () => `${actor} loses a process and does not say so`);
    if (event.type !== 'process.ended' || !SERVES.test(before.state)) continue;
    const wasLeaving = before.context.slots[event['slot'] as number]?.phase === 'leaving';
    if (/^(Running|Executing|Running\.Restarting)$/.test(after.state) && !wasLeaving)
      judge(isHeard, () => `${actor} loses a process and does not say so`);
    if (!/Restarting/.test(after.state)) continue;
    judge(after.context.fault !== null, () => `${actor} is restarted without a reason`);
  }
  for (const { event } of told)
    for (const { path } of living(system, 'route')) {
      const hears = deliveredTo(system, 'route').some(
        (heard) => heard.actor === path && heard.event.type === 'release.lost' && heard.event['key'] === event['key'],
      );
      judge(hears, () => `${path} does not hear of a loss of ${String(event['key'])}`);
    }
};
