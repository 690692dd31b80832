import type { Standing, Target } from './package.events.js';
import type { ReleaseKey } from './release.js';

/** What is known when a zip is handed in or found (contract §3.1). */
export interface HandedIn {
  /** Where a release of this name and version stands; undefined: there is none. */
  readonly standing: Pick<Standing, 'state' | 'resting'> | undefined;
  /** Whether the Runner has a file of the release, and whether its zip had the same content. */
  readonly known: 'not' | 'same_content' | 'other_content';
  /** Somebody asked for it; a scan does not. */
  readonly isAsked: boolean;
  readonly target: Target;
}

/** What becomes of it: `isNew` when the zip is the release's from now on. */
export type TakeUp =
  | { readonly outcome: 'conflict' }
  | {
      readonly outcome: 'taken';
      readonly isNew: boolean;
      readonly next: 'find' | 'recheck' | 'deploy' | 'start' | null;
    };

/** A release that is there keeps its content, unless it was refused and somebody hands in another zip of it. */
export function takeUp({ standing, known, isAsked, target }: HandedIn): TakeUp {
  const isRefused = standing?.state === 'Invalid' && standing.resting;
  const isNew = known === 'not' || (isAsked && isRefused);
  if (!isNew && known === 'other_content') return { outcome: 'conflict' };
  return { outcome: 'taken', isNew, next: nextOf(standing, isRefused, target) };
}

function nextOf(
  standing: HandedIn['standing'],
  isRefused: boolean,
  target: Target,
): Extract<TakeUp, { outcome: 'taken' }>['next'] {
  if (standing === undefined) return 'find';
  if (isRefused) return 'recheck';
  switch (standing.state) {
    case 'Discovered':
    case 'Validated':
      return 'deploy';
    case 'Deployed':
    case 'Running':
    case 'Executing':
    case 'Stopped':
      return target === 'Running' ? 'start' : null;
    case 'Invalid':
      return null;
  }
}

/** A release that a kill or another policy left Validated goes on by itself. */
export const goesOn = (standing: HandedIn['standing'], autoDeploy: boolean): boolean =>
  autoDeploy && standing?.state === 'Validated' && standing.resting;

/** Whether an installation has come to rest short of what it was asked for. */
export const fallsShort = ({ state, ready }: Pick<Standing, 'state' | 'ready'>, target: Target): boolean =>
  state === 'Invalid' || (target === 'Running' && !ready) || (target === 'Deployed' && state === 'Validated');

/** A deployment the registry does not know is wanted running when a PID is bound to it. */
export const wantedOf = (key: ReleaseKey, bound: readonly ReleaseKey[]): 'running' | 'stopped' =>
  bound.includes(key) ? 'running' : 'stopped';
