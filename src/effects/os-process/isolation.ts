import { execa } from 'execa';

/**
 * How sure it is that no algorithm outlives the Runner, strongest first (contract §9; measured in docs/decisions):
 *
 * - `namespace`: parent-death signal and a PID namespace of its own; a killed Runner takes the process and everything it
 *   ever started with it
 * - `parent_death`: the parent-death signal takes the process; what it started must notice its standard input ending
 * - `group`: a process group that the Runner ends; after a killed Runner, algorithms leave when their input ends
 */
export type IsolationLevel = 'namespace' | 'parent_death' | 'group';

export interface Isolation {
  readonly level: IsolationLevel;
  /** What stands before the command of the algorithm. */
  readonly prefix: readonly string[];
}

const PARENT_DEATH = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;
/**
 * The shell is process 1 of the namespace, so that the algorithm is an ordinary process: signals take it as they would
 * anywhere, what it orphans is reaped, and how it ended comes out as an exit code (128 + the signal's number).
 */
const NAMESPACE = [
  'setpriv',
  '--pdeathsig',
  'KILL',
  '--',
  'unshare',
  '--user',
  '--map-current-user',
  '--pid',
  '--fork',
  '--kill-child=KILL',
  '--',
  'sh',
  '-c',
  '"$@"; exit $?',
  'sh',
] as const;

const LEVELS: readonly Isolation[] = [
  { level: 'namespace', prefix: NAMESPACE },
  { level: 'parent_death', prefix: PARENT_DEATH },
];

/** Tries each level by running it: some hosts have the tools and forbid what they do. */
export async function probeIsolation(): Promise<Isolation> {
  for (const isolation of LEVELS) {
    const [command = '', ...args] = isolation.prefix;
    const { failed } = await execa(command, [...args, 'true'], { reject: false, stdio: 'ignore', timeout: 5_000 });
    if (!failed) return isolation;
  }
  return { level: 'group', prefix: [] };
}
