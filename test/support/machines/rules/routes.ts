import { isDeepStrictEqual } from 'node:util';
import type { RouteContext } from '../../../../machines/index.js';
import type { Rule } from './rule.js';
import { deliveredTo, emittedBy, living } from './rule.js';

const HOLDS_STILL = /^(Switching|RollingBack|Unbinding)$/;

const isAs = (state: string, { release, onProbation, draining, flows, candidate, failed }: RouteContext): boolean => {
  switch (state) {
    case 'Unbound':
      return release === null && draining === null;
    case 'Serving':
      return release !== null && !onProbation && draining === null;
    case 'Draining':
      return draining !== null && (flows[draining] ?? 0) > 0;
    case 'Probation':
    case 'Probation.Extended':
      return release !== null && onProbation && draining === null && failed === null;
    case 'Probation.Failed':
      return onProbation && failed !== null;
    case 'Switching':
    case 'RollingBack':
      return candidate !== null;
    case 'Unbinding':
      return candidate === null;
    case 'Confirming':
      return onProbation;
    default:
      return true;
  }
};

/** A PID is what its state says; what it was to become is forgotten once it is decided. */
export const routesAreWhatTheySay: Rule = (system, judge) => {
  for (const { path, state, context } of living(system, 'route')) {
    judge(isAs(state, context), () => `${path} is ${state}, but not as it should be then`);
    if (!HOLDS_STILL.test(state))
      judge(context.candidate === null, () => `${path} is ${state} and may still go elsewhere`);
  }
};

/** Every flow counts from when it is opened until it is closed. */
export const flowsAreCounted = (): Rule => {
  const open = new Map<string, number>();
  return (system, judge) => {
    for (const { actor, event, after } of deliveredTo(system, 'route')) {
      const name = `${actor} ${String(event['key'])}`;
      if (event.type === 'flow.opened') open.set(name, (open.get(name) ?? 0) + 1);
      else if (event.type === 'flow.closed') open.set(name, Math.max(0, (open.get(name) ?? 0) - 1));
      else continue;
      const counted = after.context.flows[event['key'] as string] ?? 0;
      judge(counted === open.get(name), () => `${name} has ${open.get(name)} flows, ${counted} are counted`);
    }
  };
};

/** What is seen of a release on probation counts; one that fails it wants to return, and says so. */
export const trialsAreHeld: Rule = (system, judge) => {
  // Once the Runner has ended, nobody is there to be told.
  if (system.hasEnded) return;
  const wishes = deliveredTo(system, 'runner').filter(({ event }) => event.type === 'rollback.wanted');
  for (const { actor, event, before, after } of deliveredTo(system, 'route')) {
    if (before === null) continue;
    const { trial, release, pid, onProbation } = before.context;
    const isWatched =
      /^(Draining|Probation|Probation\.Extended)$/.test(before.state) && onProbation && event['key'] === release;
    if (isWatched && (event.type === 'call.observed' || event.type === 'release.lost')) {
      const now = after.context.trial;
      const failed = event.type === 'release.lost' || event['failure'] !== null ? 1 : 0;
      const called = event.type === 'call.observed' ? 1 : 0;
      const counts = now.failures === trial.failures + failed && now.calls === trial.calls + called;
      judge(
        counts,
        () => `${actor}: ${trial.failures} failures in ${trial.calls}, then ${now.failures} in ${now.calls}`,
      );
      const { callsMin } = before.context.policy.probation;
      if (before.state === 'Probation.Extended' && called === 1 && after.state !== 'Probation.Failed')
        judge(
          (after.state === 'Confirming') === now.calls - now.failures >= callsMin,
          () => `${actor} is ${after.state} after ${now.calls - now.failures} good calls of ${callsMin}`,
        );
      const { errorsMax } = before.context.policy.probation;
      const fails = trial.failures + failed > errorsMax;
      judge(
        fails === (after.state === 'Probation.Failed'),
        () => `${actor} is ${after.state} after ${now.failures} failures of ${errorsMax}`,
      );
    }
    if (after.state === 'Probation.Failed' && before.state !== after.state && event.type !== 'route.abort')
      judge(
        wishes.some((wish) => wish.event['pid'] === pid),
        () => `${actor} has failed and does not say that it wants to return`,
      );
    if (after.state === 'Probation.Failed' && event.type.startsWith('xstate.after.rollbackRetry'))
      judge(
        wishes.some((wish) => wish.event['pid'] === pid),
        () => `${actor} does not try to return again`,
      );
    if (
      event.type === 'release.changed' &&
      event['key'] === release &&
      event['resting'] === true &&
      event['fault'] !== null
    ) {
      if (onProbation && /^(Draining|Probation|Probation\.Extended)$/.test(before.state))
        judge(after.state === 'Probation.Failed', () => `${actor} is ${after.state} although its release is broken`);
      if (onProbation && before.state === 'Confirming')
        judge(
          isDeepStrictEqual(after.context.failed, event['fault']),
          () => `${actor} does not know that its release is broken`,
        );
      if (before.state === 'Serving' && before.context.policy.fallback && before.context.previous !== null)
        judge(
          wishes.some((wish) => wish.event['pid'] === pid),
          () => `${actor} does not fall back from its broken release`,
        );
    } else if (event.type === 'release.changed' && before.state === 'Confirming')
      judge(
        isDeepStrictEqual(after.context.failed, before.context.failed),
        () => `${actor} takes its release for broken`,
      );
    if (event.type === 'release.changed' && /^(Switching|RollingBack)$/.test(before.state))
      if (event['key'] === before.context.candidate && event['key'] !== release) {
        const why = event['resting'] === true ? event['fault'] : null;
        judge(
          isDeepStrictEqual(after.context.candidateFault, why),
          () => `${actor} does not know what befell its candidate`,
        );
      }
    if (event.type === 'release.changed' && event['key'] === release && after.context.release === release) {
      const { fault } = after.context;
      judge(
        isDeepStrictEqual(fault, event['fault']) || event['fault'] === null,
        () => `${actor} does not know what befell ${release}`,
      );
    }
  }
};

/** In the middle of one change, another is refused, and everybody gets an answer. */
export const changesAreAnswered: Rule = (system, judge) => {
  const answers = deliveredTo(system, 'runner').filter(({ event }) => event.type === 'route.prepared');
  for (const { actor, event, before, after } of deliveredTo(system, 'route')) {
    if (event.type !== 'route.prepare' || before === null) continue;
    const { pid } = after.context;
    // Asked twice in one breath.
    const asked = deliveredTo(system, 'route').filter((one) => one.actor === actor && one.event.type === event.type);
    if (asked.length > 1) continue;
    const answer = answers.find(
      (one) => one.event['pid'] === pid && one.event['operationId'] === event['operationId'],
    )?.event;
    judge(answer !== undefined, () => `${actor} does not answer to a ${String(event['kind'])}`);
    if (answer === undefined) continue;
    const refusal = answer['refusal'] as { readonly name: string } | null;
    const facts = event['facts'] as { supported: boolean; missingAssets: readonly string[] };
    const isTaken = HOLDS_STILL.test(after.state) && after.state !== before.state;
    judge(
      isTaken === (refusal === null && answer['unchanged'] === false),
      () => `${actor} is ${after.state} and answers ${refusal?.name ?? 'yes'}`,
    );
    const isSame = event['kind'] === 'rollback' && event['key'] === before.context.release && facts.supported;
    if (isSame && !/^(Switching|RollingBack|Unbinding|Confirming)$/.test(before.state) && event['key'] !== null)
      judge(answer['unchanged'] === true, () => `${actor} is to return to where it is and answers ${refusal?.name}`);
    if (refusal === null)
      judge(
        answer['unchanged'] === (event['key'] === before.context.release && event['kind'] !== 'deactivate') ||
          before.context.release === null,
        () => `${actor} is on ${before.context.release} and answers to ${String(event['key'])} as if it were not`,
      );
    if (/^(Switching|RollingBack|Unbinding|Confirming)$/.test(before.state))
      judge(refusal?.name === 'operation_conflict', () => `${actor}, ${before.state}, refuses for ${refusal?.name}`);
    const isElsewhere = event['key'] !== null && event['key'] !== before.context.release;
    if (isElsewhere && (!facts.supported || facts.missingAssets.length > 0))
      judge(refusal !== null, () => `${actor} takes what does not serve it`);
  }
  for (const { actor, event, before } of deliveredTo(system, 'route')) {
    const [, answer] = /^xstate\.(done|error)\.actor\.commitRoutes$/.exec(event.type) ?? [];
    if (answer === undefined || before === null || before.context.operationId === 0) continue;
    const said = emittedBy(system, actor).find(({ operationId }) => operationId === before.context.operationId);
    judge(
      answer === 'done'
        ? said?.type === 'operation.done'
        : said?.type === 'operation.refused' && isDeepStrictEqual(said['fault'], event['error']),
      () => `${actor} does not say how its confirmation ended`,
    );
  }
  for (const { actor, event, before } of deliveredTo(system, 'route')) {
    if (event.type !== 'route.confirm' || before === null) continue;
    const isTaken = before.context.onProbation && /^(Draining|Probation)/.test(before.state);
    const isRefused = emittedBy(system, actor).some(
      ({ type, operationId }) => type === 'operation.refused' && operationId === event['operationId'],
    );
    judge(isRefused !== isTaken, () => `${actor}, ${before.state}, ${isRefused ? 'refuses' : 'takes'} to confirm`);
  }
};
