/*
 * Names in `bin/` that no package may take. An environment's `bin/` stands on the search path of the algorithm and of
 * every tool that is started beside it: whoever owns a name there is run in place of the real one.
 */

/**
 * Commands the Runner runs, or that those run: the tools of isolation and locking, and what shells and start-up scripts
 * reach for. One list, for whoever checks packages and for whoever starts processes.
 */
export const HOST_COMMANDS: readonly string[] = [
  ...['sh', 'bash', 'dash', 'ash', 'busybox', 'env', 'setpriv', 'unshare', 'nsenter', 'flock', 'prlimit', 'setsid'],
  ...['choom', 'chrt', 'nice', 'renice', 'ionice', 'taskset', 'timeout', 'nohup', 'stdbuf', 'script', 'newuidmap'],
  ...['newgidmap', 'su', 'sudo', 'runuser', 'chroot', 'bwrap', 'mount', 'umount', 'systemd-run', 'capsh', 'true'],
  ...['false', 'test', 'kill', 'ps', 'id', 'cat', 'ln', 'rm', 'mv', 'cp', 'mkdir', 'mkfifo', 'chmod', 'chown', 'stat'],
  ...['readlink', 'realpath', 'dirname', 'basename', 'uname', 'getconf', 'ldd', 'ldconfig', 'ld', 'node', 'npm', 'npx'],
];

const COMMANDS = new Set(HOST_COMMANDS);
/** `python`, `python3`, `python3.13t`, `pypy3`, `pythonw.exe` */
const INTERPRETER = /^(python|pypy)[\d.]*[a-z]{0,2}$/;
/** `activate`, `activate.fish`, `Activate.ps1`, `activate_this.py`, `deactivate` */
const ACTIVATION = /^(de)?activate($|[._])/;
const INSTALLER = /^(pip|easy_install)[\d.-]*$/;

/**
 * Why a name in `bin/` may not be taken; undefined for an ordinary one. However it is spelt: file systems that do not
 * tell case or composition apart would take it for the same.
 */
export function whyProtected(name: string): string | undefined {
  const plain = name
    .normalize('NFKC')
    .toLowerCase()
    .trim()
    .replace(/\.(exe|com|bat|cmd)$/, '');
  if (INTERPRETER.test(plain)) return 'would replace the interpreter';
  if (ACTIVATION.test(plain)) return 'would replace the activation of the environment';
  if (INSTALLER.test(plain)) return 'would replace the installer';
  return COMMANDS.has(plain) ? `would be run in place of the system’s ${plain}` : undefined;
}
