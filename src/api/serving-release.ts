import type { By, RunnerApi } from './runner-api.js';

/**
 * Works while the release a PID is bound to serves. A release that rests is started for it; where nobody wanted it
 * running before, nobody does afterwards: looking at an image is no decision about the line.
 *
 * @param asked who asks, and is told that the release is started
 * @throws RunnerError invalid_pid, or as the start fails
 */
export async function withServingRelease<T>(
  api: RunnerApi,
  pid: string,
  asked: Required<By> & { readonly onStart: (release: string) => void },
  work: () => Promise<T>,
): Promise<T> {
  const { who } = asked;
  const release = await api.routeOf(pid);
  const before = (await api.list()).releases.find((view) => view.release === release);
  const rests = before?.state === 'Deployed' || before?.state === 'Stopped';
  if (rests) {
    asked.onStart(release);
    await api.start(release, { who });
  }
  try {
    return await work();
  } finally {
    if (rests && before.wanted === 'stopped') await api.stop(release, { force: true, who });
  }
}
