import { spawnSync } from 'node:child_process';

/** How this host lets a process have a mount of its own: as any user, as root, or not at all. */
const namespace = ['-Urm', '-m'].find((flags) => {
  return spawnSync('unshare', [flags, 'sh', '-c', 'mount -t tmpfs none /mnt'], { stdio: 'ignore' }).status === 0;
});

export const hasPrivateMounts = namespace !== undefined;

/** Runs a program with a tmpfs of `sizeMb` at `mount` that nobody else sees, and that ends with it. */
export function runInPrivateTmpfs(mount: string, sizeMb: number, program: string, args: readonly string[]) {
  const script = 'mount -t tmpfs -o "size=$1m" none "$2" && shift 2 && exec "$@"';
  const command = [process.execPath, program, mount, ...args];
  const { status, signal, stdout, stderr } = spawnSync(
    'unshare',
    [namespace ?? '-Urm', 'sh', '-c', script, 'sh', String(sizeMb), mount, ...command],
    { encoding: 'utf8' },
  );
  return { status, signal, stdout, stderr };
}
