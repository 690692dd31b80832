/**
 * Process groups the Runner has started, so that none outlives it.
 *
 * INVARIANTS
 * - A group is signalled only while its leader is known to live or was just reaped by this Runner: never from a number
 *   read off a disk (an operating system uses its numbers again).
 * - When the Runner's own process exits in good order, every group left gets SIGKILL.
 */
const living = new Set<number>();
let hooked = false;

export function adoptGroup(leader: number): void {
  living.add(leader);
  if (hooked) return;
  hooked = true;
  process.on('exit', () => {
    for (const group of living) signalGroup(group, 'SIGKILL');
  });
}

/** Ends what is left of a group whose leader is gone, and forgets it. */
export function releaseGroup(leader: number): void {
  if (!living.delete(leader)) return;
  signalGroup(leader, 'SIGKILL');
}

/** @returns false when nobody of the group is left */
export function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}
