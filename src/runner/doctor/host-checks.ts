import { accessSync, constants, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { arch, platform, release as osRelease, tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeIsolation } from '../../effects/index.js';
import { resourceWatchWorks } from '../../platform/index.js';
import type { IsolationLevel } from '../../effects/index.js';
import { toFault } from '../../base/errors/index.js';
import { surveyInterpreters } from '../../package/index.js';
import { acquireStoreLock } from '../../store/index.js';
import type { InterpreterPolicy, RunnerOptions } from '../options/options.js';
import { VERSION } from '../version.js';

/** One thing this host offers or lacks. `failed`: the main job cannot work; `warning`: it works less well. */
export interface HostCheck {
  readonly name: string;
  readonly result: 'passed' | 'warning' | 'failed';
  readonly message: string;
  readonly hint?: string;
}

export interface HostReport {
  readonly version: string;
  readonly host: string;
  /** How sure it is here that no algorithm outlives its Runner. */
  readonly isolation: IsolationLevel;
  readonly ok: boolean;
  readonly checks: readonly HostCheck[];
}

const PYTHON_MIN = [3, 10] as const;
const NODE_MIN = [20, 20] as const;
/** The bits of a mode by which group and others write. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * What this host offers: interpreters, shared memory, isolation level, tools (contract §11, `doctor`).
 *
 * @param interpreters those a Runner would take, as its options or its store's settings name them; what is on the machine
 */
export async function inspectHost({ interpreters }: Pick<RunnerOptions, 'interpreters'> = {}): Promise<HostReport> {
  const { level, ownProc } = await probeIsolation();
  const checks = [
    checkNode(),
    ...(await checkInterpreters(interpreters?.map(pathOf))),
    checkSharedMemory(),
    checkIsolation(level, ownProc),
    checkUser(),
    checkFileModes(process.umask()),
    checkResourceWatch(),
    await checkLock(),
  ];
  const host = `${platform()} ${osRelease()} ${arch()}`;
  return { version: VERSION, host, isolation: level, ok: checks.every(({ result }) => result !== 'failed'), checks };
}

function checkNode(): HostCheck {
  const name = 'node';
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  if (fits) return { name, result: 'passed', message: `Node ${process.versions.node}` };
  return {
    name,
    result: 'failed',
    message: `Node ${process.versions.node} is too old.`,
    hint: `Install Node ${NODE_MIN.join('.')} or newer.`,
  };
}

const pathOf = (named: string | InterpreterPolicy): string => (typeof named === 'string' ? named : named.path);

/** @param named of the settings; undefined: all there are */
async function checkInterpreters(named: readonly string[] | undefined): Promise<HostCheck[]> {
  const name = 'python';
  try {
    const survey = await surveyInterpreters(named === undefined ? {} : { candidates: named });
    const { interpreters: found } = survey;
    const broken: readonly HostCheck[] =
      named === undefined ? [] : survey.rejected.map(({ path, reason }) => notUsable(path, reason));
    const fit = found.filter(({ version }) => {
      const [major = 0, minor = 0] = version.split('.').map(Number);
      return major === PYTHON_MIN[0] && minor >= PYTHON_MIN[1];
    });
    if (fit.length === 0)
      return [
        ...broken,
        {
          name,
          result: 'failed',
          message: found.length === 0 ? 'No Python interpreter works here.' : 'Every Python here is older than 3.10.',
          hint:
            named === undefined
              ? 'Install Python 3.10 or newer, with pip.'
              : 'Correct `interpreters` in settings.json of the store: these are all a Runner looks at.',
        },
      ];
    const installers = fit.filter(({ canInstall }) => canInstall);
    const works = fit.map(({ version, executable, pipVersion }): HostCheck => ({
      name,
      result: 'passed',
      message: `Python ${version} at ${executable}, ${pipVersion === null ? 'without pip' : `pip ${pipVersion}`}`,
    }));
    const checks = [...works, ...broken];
    if (installers.length > 0) return checks;
    return [
      ...checks,
      {
        name: 'pip',
        result: 'failed',
        message: 'No Python here has pip 22.3 or newer, which installs into environments without pip.',
        hint: 'Run `python3 -m pip install --upgrade pip`, or install the package python3-pip.',
      },
    ];
  } catch (error) {
    return [
      { name, result: 'failed', message: toFault(error).message, hint: 'Install Python 3.10 or newer, with pip.' },
    ];
  }
}

const notUsable = (path: string, reason: string): HostCheck => ({
  name: 'python',
  result: 'warning',
  message: `${path}, named by the settings, cannot be used: ${reason}`,
  hint: 'Correct `interpreters` in settings.json of the store.',
});

function checkSharedMemory(): HostCheck {
  const name = 'shared memory';
  if (!existsSync('/dev/shm'))
    return {
      name,
      result: 'warning',
      message: 'There is no /dev/shm: images go through ordinary files.',
      hint: 'Mount a tmpfs there, or name another folder in memory with the option images.folder.',
    };
  try {
    accessSync('/dev/shm', constants.W_OK);
    return { name, result: 'passed', message: '/dev/shm can be written' };
  } catch {
    return { name, result: 'failed', message: '/dev/shm cannot be written.', hint: 'Correct its permissions.' };
  }
}

function checkUser(): HostCheck {
  const name = 'user';
  const uid = process.getuid?.();
  if (uid !== 0) return { name, result: 'passed', message: uid === undefined ? 'no user ids here' : `user id ${uid}` };
  return {
    name,
    result: 'warning',
    message: 'The Runner is root here, and so are its algorithms: files of the whole system are theirs to change.',
    hint: 'Run it as a user of its own that owns the store and the devices it needs.',
  };
}

/** The store's own files are closed to others by themselves; what pip and algorithms make goes by the umask. */
export function checkFileModes(umask: number): HostCheck {
  const name = 'umask';
  const shown = `0${umask.toString(8).padStart(3, '0')}`;
  if ((umask & WRITABLE_BY_OTHERS) === WRITABLE_BY_OTHERS) return { name, result: 'passed', message: shown };
  return {
    name,
    result: 'warning',
    message: `The umask ${shown} lets others than the owner write what pip and algorithms make in the store.`,
    hint: 'Start the Runner with the umask 0022 or a stricter one (`UMask=` in a systemd unit).',
  };
}

function checkIsolation(level: IsolationLevel, ownProc: boolean): HostCheck {
  const name = 'isolation';
  switch (level) {
    case 'namespace':
      return {
        name,
        result: 'passed',
        message: `namespace: nothing an algorithm started outlives the Runner; ${
          ownProc ? 'each sees only its own processes' : 'each sees the processes of the host, and cannot touch them'
        }`,
      };
    case 'parent_death':
      return {
        name,
        result: 'warning',
        message: 'parent_death: algorithms do not outlive the Runner; what they start must notice its input ending',
        hint: 'Allow unprivileged user namespaces for the strongest level.',
      };
    case 'group':
      return {
        name,
        result: 'warning',
        message: 'group: after a killed Runner, algorithms leave when their standard input ends',
        hint: 'Install util-linux (setpriv, unshare) and allow unprivileged user namespaces.',
      };
  }
}

function checkResourceWatch(): HostCheck {
  const name = 'resource watch';
  if (resourceWatchWorks())
    return { name, result: 'passed', message: 'what processes take of CPU and memory can be seen' };
  return {
    name,
    result: 'warning',
    message: 'What processes take of CPU and memory cannot be seen: memory limits have no effect.',
    hint: 'Mount /proc.',
  };
}

async function checkLock(): Promise<HostCheck> {
  const name = 'store lock';
  const folder = await mkdtemp(join(tmpdir(), 'procvision-doctor-'));
  try {
    const lock = await acquireStoreLock(folder);
    await lock.release();
    if (lock.kind === 'flock') return { name, result: 'passed', message: 'kept by the kernel (flock)' };
    return {
      name,
      result: 'warning',
      message: `The lock is a file naming its process: ${lock.reason ?? 'flock does not work here'}.`,
      hint: 'Install util-linux.',
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
