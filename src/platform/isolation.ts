import { systemClock } from './clock.js';
import type { Timer } from './clock.js';
import { CARRIED, isolationOf } from './isolation-seen.js';
import type { IsolationSeen } from './isolation-seen.js';
import type { IsolationLevel } from './isolation-level.js';
import { limited } from './limits.js';
import type { Limits } from './limits.js';
import { signalGroup } from './process-group.js';
import { spawnProcess } from './spawn-process.js';
import type { Command } from './spawn-process.js';
import { systemTool } from './system-tools.js';

/** Plain data: what was found to work on this host. */
export interface Isolation {
  readonly level: IsolationLevel;
  /** It has a /proc of its own that shows nobody else; only ever with `namespace`. */
  readonly ownProc: boolean;
  /** What stands before the command: absolute paths of the system's own tools. */
  readonly prefix: readonly string[];
  /** The last of them, which gives the command its environment. */
  readonly shell: readonly string[];
}

export const NO_ISOLATION: Isolation = { level: 'group', ownProc: false, prefix: [], shell: [] };

/** The tools in front of a command run in this environment; they see nothing of the command's own. */
const TOOL_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
/** A host on which the tools take longer than this has no use for them. */
const TRY_OUT_MS = 5_000;
const NONE: Limits = {};
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** The last tool: gives the command its environment, whose names come first, ended by `--`. */
const UNPACK = `while [ "$1" != -- ]; do eval "export $1=\\"\\$${CARRIED}$1\\""; unset "${CARRIED}$1"; shift; done; shift`;

/**
 * The command as it is run under this isolation.
 *
 * INVARIANT: nothing of the command's environment (PATH, LD_PRELOAD, …) reaches a tool in front of it, and no value of it
 * is on a command line, which everybody may read.
 */
export function isolated(
  { prefix, shell }: Isolation,
  { command, args, environment }: Command,
  limits: Limits = NONE,
): Command {
  const [tool, ...rest] = [...prefix, ...limited(limits), ...shell];
  if (tool === undefined) return { command, args, environment };
  if (shell.length === 0) return { command: tool, args: [...rest, command, ...args], environment };
  const names = Object.keys(environment).filter((name) => NAME.test(name));
  const carried = Object.fromEntries(names.map((name) => [`${CARRIED}${name}`, environment[name] ?? '']));
  return {
    command: tool,
    args: [...rest, ...names, '--', command, ...args],
    environment: { ...TOOL_ENVIRONMENT, ...carried },
  };
}

/**
 * The strongest that works here: each is tried by running it and looking at it from outside.
 *
 * @param privateProc whether a process may have a /proc of its own, where the host allows it
 */
export async function probeIsolation(
  findTool: (name: string) => string | undefined = systemTool,
  privateProc = true,
): Promise<Isolation> {
  const cat = findTool('cat');
  if (cat === undefined) return NO_ISOLATION;
  for (const isolation of isolationsWith(findTool)) {
    if (isolation.ownProc && !privateProc) continue;
    const seen = await tryOut(isolation, cat);
    if (seen !== null && seen.level === isolation.level && seen.ownProc === isolation.ownProc) return isolation;
  }
  return NO_ISOLATION;
}

/** What this host may offer, strongest first; some hosts have the tools and forbid what they do. */
export function isolationsWith(findTool: (name: string) => string | undefined = systemTool): readonly Isolation[] {
  const [setpriv, unshare, sh] = [findTool('setpriv'), findTool('unshare'), findTool('sh')];
  if (setpriv === undefined || sh === undefined) return [];
  const parentDeath = [setpriv, '--no-new-privs', '--pdeathsig', 'KILL', '--'];
  const last: Isolation = {
    level: 'parent_death',
    ownProc: false,
    prefix: parentDeath,
    shell: [sh, '-c', `${UNPACK}; exec "$@"`, 'sh'],
  };
  if (unshare === undefined) return [last];
  const namespaces = [...parentDeath, unshare, '--user', '--map-current-user', '--pid', '--fork', '--kill-child=KILL'];
  const ownProc = ['--mount-proc', '--propagation', 'slave'];
  // In its own namespace root has every capability; with them it could take the /proc of its own away again.
  const powerless = process.getuid?.() === 0 ? [setpriv, '--bounding-set=-all', '--inh-caps=-all', '--'] : [];
  // The shell is process 1 of the namespace, so that the algorithm is an ordinary process: signals take it as they would
  // anywhere, what it orphans is reaped, and how it ended comes out as an exit code (128 + the signal's number).
  const shell = [...powerless, sh, '-c', `${UNPACK}; "$@"; exit $?`, 'sh'];
  return [
    { level: 'namespace', ownProc: true, prefix: [...namespaces, ...ownProc, '--'], shell },
    { level: 'namespace', ownProc: false, prefix: [...namespaces, '--'], shell },
    last,
  ];
}

/** @returns what was seen of a process that runs so; null when it does not run */
async function tryOut(isolation: Isolation, cat: string): Promise<IsolationSeen | null> {
  const echo = await spawnProcess({
    ...isolated(isolation, { command: cat, args: [], environment: {} }),
    isTool: true,
  });
  if (echo.osPid === null) return null;
  const { osPid, events, stdin, stdout, stderr } = echo;
  for (const stream of [stdin, stdout, stderr]) stream.on('error', () => undefined);
  stderr.resume();
  let tooLong: Timer | undefined;
  try {
    stdin.write('\n');
    const runs = await new Promise<boolean>((resolve) => {
      stdout.once('data', () => resolve(true));
      events.once('exit', () => resolve(false));
      tooLong = systemClock.setTimeout(() => resolve(false), TRY_OUT_MS);
    });
    return runs ? isolationOf(osPid) : null;
  } finally {
    systemClock.clearTimeout(tooLong);
    signalGroup(osPid, 'SIGKILL');
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
  }
}
