import { namesHint, RunnerError } from '../../base/errors/index.js';

/** What of a listing tells which names there are. */
export interface KnownNames {
  readonly releases: readonly {
    readonly release: string;
    readonly state: string;
    readonly supportedPids: readonly string[];
  }[];
  readonly routes: readonly { readonly pid: string; readonly release: string | null }[];
}

/** What somebody named and a store does not hold: refused in the same words by the library and every command. */

export const unknownRelease = (key: string, releases: readonly string[]): RunnerError =>
  new RunnerError('release_not_found', `There is no release ${key} in this store.`, {
    hint: namesHint(key, releases, 'There is none: install one with `procvision install <zip>`.'),
    details: { release: key },
  });

export const unboundPid = (pid: string, known: KnownNames): RunnerError =>
  new RunnerError('invalid_pid', `The PID ${pid} is not bound to any release.`, {
    hint: unboundHint(pid, known),
    details: { pid },
  });

/** Every PID that is bound, or that a release supports. */
export const pidsOf = ({ releases, routes }: KnownNames): readonly string[] => [
  ...new Set([...routes.map(({ pid }) => pid), ...releases.flatMap(({ supportedPids }) => supportedPids)]),
];

/** A PID that a release supports is bound first; any other is a slip of the hand. */
function unboundHint(pid: string, known: KnownNames, wanted: string | null = null): string {
  const able = known.releases.filter(
    ({ state, supportedPids }) => !NOT_YET.includes(state) && supportedPids.includes(pid),
  );
  const { release } = able.find((each) => each.release === wanted) ?? able[0] ?? {};
  if (release !== undefined)
    return `${release} supports it: bind it with \`procvision activate ${release} --pid ${pid}\`.`;
  return namesHint(pid, pidsOf(known), 'No release of the store supports any PID: install one first.');
}

const NOT_YET: readonly string[] = ['Discovered', 'Validated', 'Invalid'];

interface Asked {
  readonly key: string | null;
  readonly pids: readonly string[];
}

/** Why a change of routes was refused, with the names that may have been meant where it was for a name. */
export function withNames(error: unknown, { key, pids }: Asked, known: KnownNames): unknown {
  if (!(error instanceof RunnerError)) return error;
  const { faultName, message, details } = error;
  const hinted = (hint: string): RunnerError => new RunnerError(faultName, message, { hint, details, cause: error });
  if (faultName === 'invalid_pid') {
    const bound = known.routes.flatMap((route) => (route.release === null ? [] : [route.pid]));
    const unbound = pids.find((pid) => !bound.includes(pid));
    return unbound === undefined ? error : hinted(unboundHint(unbound, known, key));
  }
  if (faultName !== 'activation_conflict' || details['bound'] !== undefined || details['state'] !== undefined)
    return error;
  const supported = known.releases.find(({ release }) => release === key)?.supportedPids ?? [];
  const strange = pids.find((pid) => !supported.includes(pid));
  return strange === undefined ? error : hinted(namesHint(strange, supported, 'It supports none.'));
}
