import { isDeepStrictEqual } from 'node:util';
import type { Rule } from './rule.js';
import { deliveredTo } from './rule.js';

/** Where a release is once an effect of its way from a zip to a deployment is done (contract §3), and back off the disk. */
const DONE: Readonly<Record<string, RegExp>> = {
  validatePackage: /^Validated\.Recording$/,
  extractPackage: /^Validated\.BuildingEnvironment$/,
  buildEnvironment: /^Validated\.Installing$/,
  installWheels: /^Validated\.Probing$/,
  completeDeployment: /^Deployed\.Recording$/,
  discardDeployment: /^(Invalid\.Recording|Validated\.Waiting)$/,
  recordRest:
    /^(Validated\.Extracting|Validated\.Waiting|Deployed\.(Requested|Idle)|Stopped\.(Cooling|Idle)|Invalid\.Waiting)$/,
  recordWish: /^(Deployed|Stopped)\.Starting$/,
  removeRelease: /^Gone$/,
};
const FAILED: Readonly<Record<string, RegExp>> = {
  validatePackage: /^Invalid\.Recording$/,
  extractPackage: /^Validated\.Discarding$/,
  buildEnvironment: /^Validated\.Discarding$/,
  installWheels: /^Validated\.Discarding$/,
  completeDeployment: /^Validated\.Discarding$/,
  discardDeployment: /^(Invalid\.Recording|Validated\.Waiting)$/,
  recordRest: /^(Validated\.Waiting|Deployed\.Idle|Stopped\.(Cooling|Idle)|Invalid\.Waiting)$/,
  recordWish: /^(Deployed|Stopped)\.Idle$/,
  removeRelease: /^(Validated\.Waiting|Deployed\.Idle|Stopped\.Idle|Invalid\.Waiting)$/,
};

/** By state and event: how a first process is tried, and a deployment called off. */
const LEADS: Readonly<Record<string, string>> = {
  'Validated.Extracting package.stop': 'Validated.Abandoning',
  'Validated.BuildingEnvironment package.stop': 'Validated.Abandoning',
  'Validated.Installing package.stop': 'Validated.Abandoning',
  'Validated.Probing package.stop': 'Validated.Halting',
  'Validated.Probing process.ready': 'Validated.Concluding',
  'Validated.Probing process.ended': 'Validated.Discarding',
  'Validated.Concluding process.ended': 'Validated.Registering',
  'Validated.Halting process.ended': 'Validated.Abandoning',
  'Validated.Waiting package.deploy': 'Validated.Extracting',
  'Validated.Waiting package.uninstall': 'Validated.Removing',
  'Deployed.Idle package.start': 'Deployed.Requested',
  'Deployed.Idle package.uninstall': 'Deployed.Uninstalling',
  'Stopped.Idle package.start': 'Stopped.Requested',
  'Stopped.Idle package.uninstall': 'Stopped.Uninstalling',
  'Stopped.Cooling package.start': 'Stopped.Requested',
  'Stopped.Cooling package.uninstall': 'Stopped.Uninstalling',
  'Stopped.Cooling xstate.after.cooldown.package.Stopped.Cooling': 'Stopped.Requested',
  'Invalid.Waiting package.recheck': 'Discovered.Validating',
  'Invalid.Waiting package.uninstall': 'Invalid.Removing',
};

/** A deployment goes in its order, each failure leads where nothing half-done is left, and nothing is gone by itself. */
export const deploymentsGoInOrder: Rule = (system, judge) => {
  for (const { actor, event, before, after } of deliveredTo(system, 'package')) {
    const said = () => `${actor}, ${before?.state}, is ${after.state} after ${event.type}`;
    if (before === null) {
      const stored = after.context.stored?.state ?? 'Discovered';
      const place = stored === 'Discovered' ? /^Discovered\.Validating$/ : /\.(Waiting|Idle)$/;
      judge(place.test(after.state) && after.state.startsWith(stored), said);
      continue;
    }
    const [, answer, effect = ''] = /^xstate\.(done|error)\.actor\.(.+)$/.exec(event.type) ?? [];
    const led = (answer === 'done' ? DONE : answer === 'error' ? FAILED : {})[effect];
    if (led !== undefined) judge(led.test(after.state), said);
    if (/record(Rest|Wish)/.test(effect)) judge(after.state.split('.')[0] === before.state.split('.')[0], said);
    if (before.state === 'Stopped.Recording' && effect === 'recordRest') {
      const { policy, fault, wanted } = before.context;
      const coolsDown = policy.restart.cooldownMs !== null && fault !== null && wanted === 'running';
      judge(after.state === (coolsDown ? 'Stopped.Cooling' : 'Stopped.Idle'), said);
    }
    if (effect === 'recordRest' && answer === 'done') {
      const { target } = before.context;
      if (before.state === 'Deployed.Recording')
        judge(after.state === (target === 'Running' ? 'Deployed.Requested' : 'Deployed.Idle'), said);
      if (before.state === 'Validated.Recording')
        judge(after.state === (target === 'Validated' ? 'Validated.Waiting' : 'Validated.Extracting'), said);
    }
    if (event.type === 'process.ready' && /Starting$/.test(before.state))
      judge(/^(Running|Executing)$/.test(after.state), said);
    if (/\.(Idle|Waiting|Cooling)$/.test(after.state) && after.state !== before.state)
      judge(answer !== undefined, said);
    const next = LEADS[`${before.state} ${event.type}`];
    if (next !== undefined) judge(after.state === next, said);
    if (/\.Discarding$/.test(before.state) && answer !== undefined) judge(after.state === 'Invalid.Recording', said);
    if (/\.Abandoning$/.test(before.state) && answer !== undefined) judge(after.state === 'Validated.Waiting', said);
    if (after.state === 'Gone' && before.state !== 'Gone') judge(effect === 'removeRelease' && answer === 'done', said);
  }
};

const STEPS: Readonly<Record<string, RegExp>> = {
  Preparing: /^(Preparing|Preheating|Committing|Aborting)$/,
  Preheating: /^(Preheating|Committing|Committed|Aborting)$/,
  Committing: /^(Committing|Committed|Aborting)$/,
  Committed: /^Committed$/,
  Aborting: /^Aborting$/,
};

/** A change is prepared, warmed up, written, and then made; called off it leads to nothing. */
export const changesGoInOrder: Rule = (system, judge) => {
  for (const { actor, event, before, after } of deliveredTo(system, 'changeover')) {
    if (before === null) {
      judge(after.state === 'Preparing', () => `${actor} begins as ${after.state}`);
      continue;
    }
    const said = () => `${actor}, ${before.state}, is ${after.state} after ${event.type}`;
    judge(STEPS[before.state]?.test(after.state) ?? false, said);
    if (event.type === 'xstate.done.actor.commitRoutes') judge(after.state === 'Committed', said);
    if (event.type === 'xstate.error.actor.commitRoutes')
      judge(isDeepStrictEqual(after.context.refusal, event['error']), said);
    if (event.type === 'changeover.cancel' && /^Prep|^Preh/.test(before.state))
      judge(after.state === 'Aborting' && after.context.refusal?.name === 'operation_cancelled', said);
    if (after.state === 'Aborting')
      judge(after.context.refusal !== null, () => `${actor} is called off without a reason`);
    if (after.state === 'Committing' && before.state !== 'Committing') judge(after.context.moving.length > 0, said);
  }
};

/** A PID begins as it was stored, and goes where a change of this kind leads. */
export const routesGoInOrder: Rule = (system, judge) => {
  for (const { actor, event, before, after } of deliveredTo(system, 'route')) {
    const { context, state } = after;
    if (before === null) {
      const place = context.release === null ? 'Unbound' : context.onProbation ? 'Probation' : 'Serving';
      judge(state === place, () => `${actor} begins as ${state}, not as ${place}`);
      continue;
    }
    const said = () => `${actor}, ${before.state}, is ${state} after ${event.type}`;
    if (event.type === 'route.prepare' && state !== before.state) {
      const kind = event['kind'] as 'activate' | 'switch' | 'rollback' | 'deactivate';
      const led = { activate: 'Switching', switch: 'Switching', rollback: 'RollingBack', deactivate: 'Unbinding' }[
        kind
      ];
      judge(state === led, said);
      judge(before.context.release !== null || kind === 'activate' || kind === 'deactivate', said);
    }
    if (event.type === 'route.commit' && /^(Switching|RollingBack|Unbinding)$/.test(before.state)) {
      judge(context.release === before.context.candidate, said);
      judge(!/^(Switching|RollingBack|Unbinding)$/.test(state), said);
    }
    if (event.type === 'route.abort' && /^(Switching|RollingBack|Unbinding)$/.test(before.state)) {
      const { failed, onProbation, release } = context;
      const place =
        failed !== null
          ? /^Probation\.Failed$/
          : onProbation
            ? /^(Draining|Probation)$/
            : release === null
              ? /^(Unbound|Draining)$/
              : /^(Serving|Draining)$/;
      judge(place.test(state), said);
    }
    if (event.type === 'xstate.done.actor.commitRoutes') judge(!context.onProbation && state !== 'Confirming', said);
    if (event.type === 'xstate.error.actor.commitRoutes')
      judge(context.onProbation && /^(Probation|Draining)/.test(state), said);
    if (event.type.startsWith('xstate.after.drainDeadline'))
      judge(/^(Probation|Serving|Unbound)$/.test(state) && context.draining === null, said);
    if (event.type.startsWith('xstate.after.probation')) {
      const { trial, policy } = before.context;
      const isServed = trial.calls - trial.failures >= policy.probation.callsMin;
      judge(state === (isServed ? 'Confirming' : 'Probation.Extended'), said);
    }
  }
};
