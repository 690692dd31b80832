import { isDeepStrictEqual } from 'node:util';
import type { Rule } from './rule.js';
import { deliveredTo, emittedBy, living } from './rule.js';

const COMMANDS = /^package\.(deploy|uninstall|recheck)$/;
/** Deploying already: asked again, it goes as far as the one who wants it furthest. */
const DEPLOYING = /^Discovered\.|^Validated\.(?!Waiting|Halting|Abandoning|Removing)/;
const FURTHER = ['Validated', 'Deployed', 'Running'];
const SERVING = /^(Running|Executing)$/;

/** A command leads on, or is refused by its number; who waits for a start hears where the release stands. */
export const commandsAreAnswered: Rule = (system, judge) => {
  const reports = deliveredTo(system, 'runner').filter(({ event }) => event.type === 'package.reported');
  for (const { actor, event, before, after } of deliveredTo(system, 'package')) {
    if (before === null) continue;
    const isRefused = emittedBy(system, actor).some(
      ({ type, operationId }) => type === 'operation.refused' && operationId === event['operationId'],
    );
    const isAskedAgain = event.type === 'package.deploy' && DEPLOYING.test(before.state);
    if (isAskedAgain) {
      const [target, asked] = [after.context.target, event['target'] as string].map((one) => FURTHER.indexOf(one));
      judge(
        !isRefused && after.state === before.state && Number(target) >= Number(asked),
        () => `${actor}, ${before.state}, does not go as far as ${String(event['target'])}`,
      );
    } else if (COMMANDS.test(event.type))
      judge(
        isRefused === (after.state === before.state),
        () => `${actor}, ${before.state}, makes nothing of ${event.type}`,
      );
    if (event.type === 'package.start') {
      const isTold = reports.some((report) => report.event['key'] === after.context.key);
      const isUnderWay = /Requested|Starting|Restarting|^Deployed\.Recording/.test(before.state);
      judge(
        after.state !== before.state || isTold || isRefused || isUnderWay,
        () => `nobody hears what became of a start of ${actor}`,
      );
      if (isUnderWay) judge(!isRefused, () => `${actor} refuses to start although it is ${before.state}`);
      if (/Requested$/.test(after.state))
        judge(after.context.wanted === 'running', () => `${actor} starts without a wish`);
      if (SERVING.test(before.state) || /Waiting$/.test(before.state))
        judge(isTold, () => `nobody hears where ${actor} stands`);
      if (/Waiting$/.test(before.state)) judge(isRefused, () => `${actor} cannot start and does not say so`);
    }
    if (event.type === 'package.uninstall' && after.state !== before.state) {
      const effect = system.effects().find(({ src, path }) => src === 'removeRelease' && path.startsWith(`${actor}/`));
      const { operationId } = (effect?.input ?? {}) as { operationId?: number };
      judge(operationId === event['operationId'], () => `${actor} is removed on behalf of somebody else`);
    }
    if (event.type === 'package.deploy' || event.type === 'package.recheck') {
      if (after.state === before.state) continue;
      judge(
        after.context.target === event['target'] && after.context.fault === null,
        () => `${actor} is deployed for something else`,
      );
    }
  }
};

/** A stop is remembered: what was called off does not begin by itself. */
export const stopsAreHeeded = (): Rule => {
  const calledOff = new Set<string>();
  return (system, judge) => {
    for (const { actor, event, before, after } of deliveredTo(system, 'package')) {
      const { type } = event;
      if (before === null || /^package\.(start|deploy|recheck)$/.test(type) || type.startsWith('xstate.after.cooldown'))
        calledOff.delete(actor);
      if (before === null) continue;
      if (type === 'package.stop') calledOff.add(actor);
      const begins = /Requested$|Extracting$/.test(after.state) && after.state !== before.state;
      if (begins) judge(!calledOff.has(actor), () => `${actor} begins again although it was called off`);
    }
  };
};

/** What a stop says is wanted is wanted; where something runs, it leads on, and leaves no fault behind. */
export const stopsAreTaken: Rule = (system, judge) => {
  for (const { actor, event, before, after } of deliveredTo(system, 'package')) {
    if (event.type !== 'package.stop' || before === null) continue;
    const { wanted, fault, slots } = after.context;
    const said = () => `${actor}, ${before.state}, is ${after.state} and wanted ${wanted} after a stop, ${fault?.name}`;
    if (event['wanted'] !== null) judge(wanted === event['wanted'], said);
    if (/Cooling$|Stopped\.Recording$/.test(before.state) && before.context.wanted !== wanted)
      judge(fault === null, said);
    if (/^(Running|Executing)$|Restarting|Starting$/.test(before.state)) judge(fault === null, said);
    if (/^(Running|Executing)$|Restarting|Starting$|Requested$/.test(before.state))
      judge(after.state !== before.state, said);
    // Accepted calls are finished first, those that are to be tried again too.
    if (!SERVING.test(before.state)) continue;
    const isBusy = before.context.slots.some(({ call, abandoned }) => call !== null && !abandoned);
    if (isBusy) judge(after.state === 'Executing.Draining' && slots.some(({ call }) => call !== null), said);
  }
};

/** What is being written down is how things are. */
export const recordsAreTrue: Rule = (system, judge) => {
  const releases = new Map(living(system, 'package').map((one) => [one.path, one]));
  for (const { src, path, input } of system.effects()) {
    const release = releases.get(path.slice(0, path.lastIndexOf('/')));
    if (src !== 'recordRest' || release === undefined) continue;
    const { state, wanted } = input as { readonly state: string; readonly wanted: string };
    // What cannot run yet, or not any more, is started by nobody's wish.
    const isMeant = release.context.wanted === wanted || /^(Validated|Invalid)$/.test(state);
    judge(
      release.state.startsWith(`${state}.`) && isMeant,
      () =>
        `${release.path} is ${release.state} and wanted ${release.context.wanted}, written down as ${state}, ${wanted}`,
    );
  }
};

/** What rests is what is written down: where, and whether it is wanted again. */
export const restsAreRecorded = (): Rule => {
  const asked = new Map<string, { readonly state: string; readonly wanted: string }>();
  const written = new Map<string, { readonly state: string; readonly wanted: string }>();
  return (system, judge) => {
    for (const { actor, event } of deliveredTo(system, 'package')) {
      if (!/\.actor\.record(Rest|Wish)$/.test(event.type)) continue;
      const what = asked.get(actor);
      if (what !== undefined && event.type.startsWith('xstate.done')) written.set(actor, what);
      else written.delete(actor);
    }
    for (const { src, path, input } of system.effects())
      if (src === 'recordRest') asked.set(path.slice(0, path.lastIndexOf('/')), input as never);
    for (const { path, state, context } of living(system, 'package')) {
      const what = written.get(path);
      if (what === undefined || !/^(Deployed\.Idle|Stopped\.(Idle|Cooling)|Invalid\.Waiting)$/.test(state)) continue;
      judge(state.startsWith(`${what.state}.`), () => `${path} is ${state}, but recorded as ${what.state}`);
      if (state.startsWith('Invalid')) continue;
      judge(
        what.wanted === context.wanted,
        () => `${path} is wanted ${context.wanted}, but recorded as ${what.wanted}`,
      );
    }
  };
};

/** One that hurries waits for nobody. */
export const hurriesAreHeeded: Rule = (system, judge) => {
  for (const { actor, event, before, after } of deliveredTo(system, 'package')) {
    if (event.type !== 'package.hurry' || before === null) continue;
    if (!/Stopping|Halting|Concluding|Draining/.test(before.state)) continue;
    for (const { path, state } of living(system, 'process'))
      if (path.startsWith(`${actor}/`)) judge(state === 'Killing', () => `${path} is ${state} although it hurries`);
    judge(!/Draining/.test(after.state), () => `${actor} drains although it hurries`);
  }
};

const EXCUSED = /Discarding$|^Invalid\.Recording$/;

/** A start that worked leaves no fault; an effect that failed leaves its own. */
export const faultsAreKept: Rule = (system, judge) => {
  for (const { actor, event, before, after } of deliveredTo(system, 'package')) {
    if (before === null) continue;
    const { fault, lossesMs, failedStarts, slots } = after.context;
    if (event.type === 'process.ready' && /^(Running|Executing)$/.test(after.state)) {
      judge(fault === null, () => `${actor} is ready and has a fault`);
      judge(failedStarts === 0, () => `${actor} is ready and counts failed starts`);
      if (/Starting$/.test(before.state))
        judge(lossesMs.length === 0 && !after.context.onTrial, () => `${actor} starts with old losses`);
      judge(slots[event['slot'] as number]?.phase !== 'starting', () => `${actor} does not take note of a process`);
    }
    if (event.type.startsWith('xstate.error.actor.') && !EXCUSED.test(before.state) && !/Cooling$/.test(after.state))
      judge(
        isDeepStrictEqual(fault, event['error']),
        () => `${actor}, ${before.state}, does not keep why ${event.type.slice(19)} failed`,
      );
    if (
      event.type === 'process.ended' &&
      /^Running\.Stopping$|Draining$/.test(after.state) &&
      /^(Running|Executing)$|Restarting/.test(before.state)
    )
      judge(fault?.name === 'restarts_used_up', () => `${actor} gives up for ${fault?.name}`);
    if (event.type === 'process.ended' && /(Probing|Starting)$/.test(before.state) && after.state !== before.state)
      judge(fault !== null, () => `${actor} gave up a start without a reason`);
    if (event.type === 'xstate.done.actor.installWheels')
      judge(isDeepStrictEqual(after.context.facts, event['output']), () => `${actor} does not know how it is started`);
    if (event.type === 'xstate.done.actor.validatePackage') {
      const { supportedPids } = event['output'] as { readonly supportedPids: unknown };
      judge(
        isDeepStrictEqual(after.context.supportedPids, supportedPids),
        () => `${actor} does not know whom it serves`,
      );
    }
    if (event.type === 'xstate.done.actor.validatePackage')
      judge(fault === null, () => `${actor} is valid and has a fault`);
    if (event.type.startsWith('xstate.after.cooldown'))
      judge(after.context.onTrial && fault === null, () => `${actor} is not on trial`);
  }
};
