import type { IsolationLevel } from './isolation-level.js';
import { procLink, procText } from './proc.js';

/** How a process that runs is isolated, as the operating system tells from outside. */
export interface IsolationSeen {
  readonly level: IsolationLevel;
  /** It has a mount namespace of its own, which is where a /proc of its own is mounted. */
  readonly ownProc: boolean;
}

/** Stands before the name of each variable on its way through the tools, for whom it then means nothing. */
export const CARRIED = 'PROCVISION_CARRIED_';
const NAMESPACES_OF_ITS_OWN = ['pid', 'user'] as const;

/**
 * Looks at a process of ours that has begun to speak.
 *
 * @param osPid the leader of its group: in a namespace the tool in front, else the process itself
 */
export function isolationOf(osPid: number): IsolationSeen {
  const [inside] = childrenOf(osPid);
  if (inside !== undefined && NAMESPACES_OF_ITS_OWN.every((kind) => hasOwn(kind, inside)))
    return { level: 'namespace', ownProc: hasOwn('mnt', inside) };
  // Whether a parent-death signal is set is not told to others; the tool that sets it sets this, too.
  return { level: /^NoNewPrivs:\s*1$/m.test(read(`${osPid}/status`)) ? 'parent_death' : 'group', ownProc: false };
}

/** An environment variable of a process that was spawned under any isolation, as it was at its start. */
export function variableOf(osPid: number, name: string): string | undefined {
  const entries = read(`${osPid}/environ`).split('\0');
  const found = entries.find((entry) => entry.startsWith(`${name}=`) || entry.startsWith(`${CARRIED}${name}=`));
  return found?.slice(found.indexOf('=') + 1);
}

export function childrenOf(osPid: number): readonly number[] {
  return read(`${osPid}/task/${osPid}/children`).split(' ').filter(Boolean).map(Number);
}

function hasOwn(kind: 'pid' | 'user' | 'mnt', osPid: number): boolean {
  const its = procLink(`${osPid}/ns/${kind}`);
  return its !== undefined && its !== procLink(`self/ns/${kind}`);
}

const read = (path: string): string => procText(path) ?? '';
