import { fault } from './fault.js';
import type { Fault } from './fault.js';
import { releaseOf } from './release.js';
import type { RouteContext, RouteEvent } from './route.events.js';

/** Why a PID does not take part in a change that was asked for (contract §8). */
type Prepare = Extract<RouteEvent, { type: 'route.prepare' }>;

/** Whatever its manifest says of the PID: it could not serve it. */
const invalidRelease = ({ key }: Prepare, { code, message, hint }: Fault): Fault =>
  fault('activation_conflict', `${key} is Invalid: ${code} ${message}`, {
    hint: `${hint === undefined ? '' : `${hint} `}Then install the corrected zip, and activate again.`,
    details: { state: 'Invalid', reason: { code, message } },
  });

const unsupported = ({ pid }: RouteContext, { key }: Prepare): Fault =>
  fault('activation_conflict', `${key} does not support the PID ${pid}.`);

const lackingAssets = ({ pid }: RouteContext, { key, facts: { missingAssets } }: Prepare): Fault =>
  fault('model_not_found', `${key} lacks required assets of the PID ${pid}: ${missingAssets.join(', ')}.`, {
    details: { missing: missingAssets },
  });

const boundAlready = ({ pid, release }: RouteContext, { key }: Prepare): Fault => {
  const same = key !== null && release !== null && releaseOf(release).name === releaseOf(key).name;
  return fault('activation_conflict', `The PID ${pid} is bound to ${release}.`, {
    hint: same ? `Switch ${pid} to ${key} instead.` : `Deactivate ${pid} first; it belongs to another algorithm.`,
    details: { bound: release },
  });
};

const notBound = ({ pid }: RouteContext, { kind }: Prepare): Fault =>
  fault('invalid_pid', `The PID ${pid} is not bound to any release.`, {
    ...(kind === 'switch' ? { hint: `Activate ${pid} first.` } : {}),
  });

const nothingToReturnTo = ({ pid }: RouteContext): Fault =>
  fault('invalid_usage', `There is no release the PID ${pid} was switched from.`, {
    hint: 'Name the release to return to.',
  });

/** Null: the PID takes part, or is bound like this already. */
export function refusalOf(context: RouteContext, event: Prepare): Fault | null {
  const { release } = context;
  const { kind, key, facts } = event;
  // A PID with an unreadable file is bound to nothing; deactivating it removes the file.
  if (kind === 'deactivate' && (release !== null || context.fault !== null)) return null;
  if (release === null && kind !== 'activate') return notBound(context, event);
  if (key === null) return nothingToReturnTo(context);
  if (facts.invalid !== undefined && facts.invalid !== null) return invalidRelease(event, facts.invalid);
  if (!facts.supported) return unsupported(context, event);
  if (release === key) return null;
  if (release !== null && (kind === 'activate' || releaseOf(release).name !== releaseOf(key).name))
    return boundAlready(context, event);
  return facts.missingAssets.length > 0 ? lackingAssets(context, event) : null;
}

/** What is under way on the PID, for whoever asked for something else meanwhile. */
export type UnderWay = 'Switching' | 'RollingBack' | 'Unbinding' | 'Draining' | 'Probation' | 'Confirming';

export function conflict({ pid, release, candidate, previous, draining }: RouteContext, underWay: UnderWay): Fault {
  const told = (what: string, hint: string): Fault =>
    fault('operation_conflict', `${pid} ${what}.`, { hint, details: { under_way: underWay } });
  switch (underWay) {
    case 'Switching':
      return told(`is being switched to ${candidate}`, 'Wait for it, or cancel it.');
    case 'RollingBack':
      return told(`is being rolled back to ${candidate}`, 'Wait for it.');
    case 'Unbinding':
      return told(`is being unbound from ${release}`, 'Wait for it.');
    case 'Draining':
      return told(`still has flows that run on ${draining}`, 'Wait for them to finish.');
    case 'Probation':
      return told(`is on probation with ${release}`, `Confirm it, or roll back to ${previous}, first.`);
    case 'Confirming':
      return told(`is ending its probation with ${release}`, 'Wait for it.');
  }
}
