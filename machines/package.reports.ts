import type { LifecycleState } from './release.js';

/** The report of where a package stands, as its states send it to the Runner. */
export const report = <State extends LifecycleState>(state: State, resting: boolean) =>
  ({ type: 'reportState', params: { state, ready: false, resting } }) as const;

/** The release is ready to serve. */
export const REPORT_SERVING = {
  type: 'reportState',
  params: { state: 'Running', ready: true, resting: false },
} as const;
