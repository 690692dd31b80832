import { fromCallback, fromPromise } from 'xstate';
import type { EventObject } from 'xstate';
import type { Fault } from './fault.js';
import type { OsCommand, OsEvent, OsProcessInput } from './process.events.js';
import type { ReleaseFacts, RestRecord, StoreFacts, ValidationFacts } from './package.events.js';
import type { RouteChange } from './route.events.js';
import type { ReleaseKey } from './release.js';

/**
 * Every effect the machines ask for, by name: what it is given and what it reports back.
 * `src/effects` provides all of them through one total map of exactly this type; an effect that fails rejects with a
 * Fault (plain data), never with an Error.
 */
export interface Effects {
  /** Reads the facts the store holds and undoes what a dead Runner left half done. */
  recoverStore: { input: undefined; output: StoreFacts };
  /** Static validation of a zip (contract §3.2); the report rests beside the machines. */
  validatePackage: { input: { key: ReleaseKey }; output: ValidationFacts };
  /** Unpacks the zip through staging into its final folder, marked incomplete. */
  extractPackage: { input: { key: ReleaseKey }; output: void };
  buildEnvironment: { input: { key: ReleaseKey }; output: void };
  /** Installs the package's wheels and works out how its processes are started. */
  installWheels: { input: { key: ReleaseKey }; output: ReleaseFacts };
  /** Writes the installation record and takes the incomplete mark away: the deployment counts from here. */
  completeDeployment: { input: { key: ReleaseKey }; output: void };
  /** Removes whatever a failed deployment left. */
  discardDeployment: { input: { key: ReleaseKey }; output: void };
  /** Writes where a release rests into the registry, durably. */
  recordRest: { input: RestRecord; output: void };
  /** Removes a release from disk and registry. */
  removeRelease: { input: { key: ReleaseKey; operationId: number }; output: void };
  /** Writes or removes every `active/<pid>.json` of a change, all of them or none: the commit point of routes. */
  commitRoutes: { input: RouteChange; output: void };
}

export type EffectName = keyof Effects;

/** Declares an effect a machine needs; `src/effects` supplies it, and running an undeclared one fails by name. */
export const effect = <Name extends EffectName>(name: Name) =>
  fromPromise<Effects[Name]['output'], Effects[Name]['input']>(() =>
    Promise.reject(new Error(`the effect "${name}" was not provided`)),
  );

/**
 * The one long-lived effect: an operating-system process with its pipes. Commands go in, events come out; it keeps the
 * clock of the call in flight and nothing else.
 */
export const osProcess = () =>
  fromCallback<OsCommand, OsProcessInput>(({ sendBack }) => {
    (sendBack as (event: OsEvent) => void)({
      type: 'os.exited',
      fault: undeclared,
      atMs: 0,
      jitter: 0,
    });
  }) as ReturnType<typeof fromCallback<OsCommand & EventObject, OsProcessInput>>;

const undeclared: Fault = {
  code: '9999',
  name: 'unknown_error',
  message: 'the effect "runOsProcess" was not provided',
};
