import type { ReleaseView } from '../api/results.js';
import { readStore } from '../api/store.js';
import type { Context } from './context.js';

/** Where a release rests once the command's Runner is closed: that is what the next command finds. */
export async function restingView({ store }: Context, release: string): Promise<ReleaseView | null> {
  const { releases } = await readStore(store);
  return releases.find((view) => view.release === release) ?? null;
}

/** What brings a release to serve: a switch where another release of its algorithm does, else an activation. */
export async function servingStep({ store }: Context, release: string): Promise<readonly string[]> {
  const { releases, routes } = await readStore(store);
  const own = releases.find((view) => view.release === release);
  const rivals = new Set(releases.flatMap((view) => (view.name === own?.name ? [view.release] : [])));
  const served = routes.filter((route) => route.release !== null && rivals.has(route.release)).map(({ pid }) => pid);
  const movable = served.filter((pid) => own?.supportedPids.includes(pid));
  if (movable.length > 0) return ['switch', release, '--pid', ...movable];
  return ['activate', release, '--pid', ...(own?.supportedPids ?? [])];
}

/** A process lives only as long as a Runner does; a command's Runner ends with the command. */
export const WANTED_RUNNING = 'wanted running; runs while a Runner is open on this store';
