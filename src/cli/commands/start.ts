import { requireRelease, RELEASE } from '../arguments.js';
import { resultCommand } from '../command.js';
import { restingView, servingStep, WANTED_RUNNING } from '../resting.js';
import type { ReleaseView } from '../../index.js';

interface Data {
  readonly release: string;
  readonly rests: ReleaseView | null;
  readonly next: readonly string[];
}

export const start = resultCommand<[release: string], object, Data>({
  arguments: [RELEASE],

  async run(context, [text]) {
    const release = requireRelease(text);
    await context.withRunner((runner) => runner.start(release));
    const rests = await restingView(context, release);
    const [pid] = rests?.routedPids ?? [];
    const next =
      pid === undefined ? await servingStep(context, release) : ['detect', '--pid', pid, '--image', 'image.png'];
    return { release, rests, next };
  },

  json: ({ release, rests }) => ({
    release,
    state: 'Running',
    rests: rests?.state ?? null,
    wanted: rests?.wanted ?? null,
  }),

  show: ({ release, next }) => ({ lines: [`${release} got ready: ${WANTED_RUNNING}`], next }),
});
