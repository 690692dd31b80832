import type { RawImage } from '../../../src/images/index.js';
import { RunnerError } from '../../../src/base/errors/index.js';
import type { Draws } from './draws.js';
import { count } from './operator.js';
import type { Post } from './operator.js';
import type { Act, Manner } from './plan.js';

/** Two by two pixels: nobody looks at them. */
const IMAGE: RawImage = { data: new Uint8Array(12), width: 2, height: 2, channels: 3 };

/** A line has a product looked at, in one manner or another. */
export async function inspect(
  post: Post,
  { pid, manner }: Extract<Act, { do: 'inspect' }>,
  draws: Draws,
): Promise<void> {
  switch (manner) {
    case 'detect':
      await detect(post, pid, {});
      return;
    case 'with_image':
      await detect(post, pid, { image: IMAGE });
      return;
    case 'with_deadline':
      await detect(post, pid, { deadlineMs: draws.pick([5, 50, 500]), retries: draws.pick([0, 3]) });
      return;
    case 'cancelled':
      await detect(post, pid, { signal: abortedAfter(post, draws.between(0, 80)), image: IMAGE });
      return;
    case 'burst':
      await Promise.all(Array.from({ length: 6 }, () => alone(post, detect(post, pid, { image: IMAGE }))));
      return;
    case 'by_hand':
    case 'flow_cancelled':
    case 'flow_left':
      return byHand(post, pid, manner, draws);
  }
}

type Options = Omit<Parameters<Post['runner']['detect']>[0], 'pid' | 'image'> & { readonly image?: RawImage };

const detect = ({ runner }: Post, pid: string, options: Options): Promise<unknown> =>
  runner.detect({ pid, ...options } as Parameters<typeof runner.detect>[0]);

/** One of several: that it fails is no reason for the others not to be waited for. */
async function alone({ deeds }: Post, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof RunnerError)) throw error;
    count(deeds.refusals, error.faultName);
  }
}

function abortedAfter({ clock }: Post, ms: number): AbortSignal {
  const off = new AbortController();
  clock.setTimeout(() => {
    clock.stir();
    off.abort();
  }, ms);
  return off.signal;
}

async function byHand(post: Post, pid: string, manner: Manner, draws: Draws): Promise<void> {
  const flow = post.runner.openFlow({ pid });
  try {
    await flow.step(1);
    await post.clock.later(draws.between(1, 3_000), undefined);
    if (manner === 'flow_cancelled') return await flow.cancel();
    await flow.execute(1);
    if (manner === 'flow_left') return;
    await flow.step(pid === 'B01' ? 1 : 2);
  } finally {
    if (manner !== 'flow_left') flow.close();
  }
}
