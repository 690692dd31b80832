import type { Runner } from '../../index.js';

/**
 * Works while the release a PID is bound to serves. A release that rests is started for it; where nobody wanted it
 * running before, nobody does afterwards: looking at an image is no decision about the line.
 *
 * @throws RunnerError invalid_pid, or as the start fails
 */
export async function withServingRelease<T>(
  runner: Runner,
  pid: string,
  progress: (stage: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const release = runner.routeOf(pid);
  const before = runner.list().releases.find((view) => view.release === release);
  const rests = before?.state === 'Deployed' || before?.state === 'Stopped';
  if (rests) {
    progress(`starting ${release}`);
    await runner.start(release);
  }
  try {
    return await work();
  } finally {
    if (rests && before.wanted === 'stopped') await runner.stop(release, { force: true });
  }
}
