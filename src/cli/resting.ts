import { readStore } from '../index.js';
import type { ReleaseView } from '../index.js';
import type { Context } from './context.js';

/** Where a release rests once the command's Runner is closed: that is what the next command finds. */
export async function restingView({ store }: Context, release: string): Promise<ReleaseView | null> {
  const { releases } = await readStore(store);
  return releases.find((view) => view.release === release) ?? null;
}

/** A process lives only as long as a Runner does; a command's Runner ends with the command. */
export const WANTED_RUNNING = 'wanted running; runs while a Runner is open on this store';
