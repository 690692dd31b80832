import { isDeepStrictEqual } from 'node:util';
import type { Rule } from './rule.js';
import { deliveredTo, emittedBy, lives, living } from './rule.js';

const ANNOUNCED: Readonly<Record<string, string>> = {
  'package.reported': 'release.reported',
  'package.gone': 'release.reported',
  'route.reported': 'route.reported',
  'changeover.reported': 'changeover.reported',
};

/** What the Runner hears, its faces hear; what becomes of a release, every PID hears and every change that waits for it. */
export const reportsArePassedOn: Rule = (system, judge) => {
  const heard = [...deliveredTo(system, 'route'), ...deliveredTo(system, 'changeover')];
  for (const { event, after, before } of deliveredTo(system, 'runner')) {
    if (before === null) continue;
    const announced = ANNOUNCED[event.type];
    if (announced !== undefined)
      judge(
        emittedBy(system, 'runner').some(({ type }) => type === announced),
        () => `nobody hears of ${event.type}`,
      );
    if (event.type !== 'package.reported' && event.type !== 'package.gone') continue;
    const { key } = event;
    const waiting = Object.entries(after.context.changeovers).flatMap(([name, change]) =>
      change.key === key ? [`changeover/${name}`] : [],
    );
    const known = before.context.standings[String(key)];
    const isNews =
      event.type === 'package.gone' ||
      (known?.resting ?? false) !== event['resting'] ||
      !isDeepStrictEqual(known?.fault ?? null, event['fault']);
    const alive = isNews ? living(system, 'route').map(({ path }) => path) : [];
    for (const path of [...alive, ...waiting.filter((path) => lives(system, path))])
      judge(
        heard.some((one) => one.actor === path && one.event.type === 'release.changed' && one.event['key'] === key),
        () => `${path} does not hear what became of ${String(key)}`,
      );
    if (event.type === 'package.gone')
      judge(!lives(system, `package/${String(key)}`), () => `${String(key)} is gone and still there`);
  }
};

/** What nobody may do now is refused, with a reason, and is not done. */
export const refusalsAreTold: Rule = (system, judge) => {
  for (const { event, before } of deliveredTo(system, 'runner')) {
    if (before === null || (event.type !== 'release.stop' && event.type !== 'release.uninstall')) continue;
    const { key, operationId } = event;
    const refusal = emittedBy(system, 'runner').find(
      (said) => said.type === 'operation.refused' && said['operationId'] === operationId,
    );
    const name = (refusal?.['fault'] as { name: string } | undefined)?.name;
    const { standings, needs } = before.context;
    const standing = standings[key as string];
    const isNeeded = Object.values(needs).some(({ key: bound, candidate, kept }) =>
      [bound, candidate, kept].includes(key as string),
    );
    const said = () => `${event.type} of ${String(key)} is answered with ${name}`;
    const isHeard = deliveredTo(system, 'package').some(
      (one) => one.event.type === event.type.replace('release', 'package') && one.actor === `package/${String(key)}`,
    );
    judge(isHeard === (refusal === undefined), said);
    if (before.state !== 'Serving') judge(name === 'runner_closed', said);
    else if (standing === undefined) judge(name === 'release_not_found', said);
    else if (event.type === 'release.uninstall' && (isNeeded || !standing.resting))
      judge(name === 'unsafe_uninstall', said);
    else if (event.type === 'release.stop' && isNeeded && event['force'] !== true)
      judge(name === 'unsafe_uninstall', said);
    else judge(refusal === undefined, said);
  }
  for (const { event, before } of deliveredTo(system, 'runner')) {
    if (before === null || event.type !== 'changeover.asked') continue;
    const refusal = emittedBy(system, 'runner').find(
      (said) => said.type === 'operation.refused' && said['operationId'] === event['operationId'],
    );
    const isTaken = deliveredTo(system, 'changeover').some(
      (one) => one.before === null && one.after.context.operationId === event['operationId'],
    );
    judge(
      isTaken === (refusal === undefined),
      () => `a change is ${isTaken ? 'begun' : 'not begun'} and ${refusal === undefined ? 'not ' : ''}refused`,
    );
    if (before.state !== 'Serving')
      judge(refusal !== undefined, () => `a change is begun while the Runner is ${before.state}`);
    if (isTaken && event['kind'] === 'activate')
      for (const pid of event['pids'] as readonly string[])
        judge(lives(system, `route/${pid}`), () => `${pid} is to be bound and is not there`);
  }
};
