import { requireRelease, RELEASE } from '../arguments.js';
import { resultCommand } from '../command.js';
import { restingView, WANTED_RUNNING } from '../resting.js';
import type { ReleaseView } from '../../index.js';

interface Data {
  readonly release: string;
  readonly rests: ReleaseView | null;
}

export const start = resultCommand<[release: string], object, Data>({
  name: 'start',
  summary: 'see that a release gets ready, and record that it is wanted running',
  arguments: [RELEASE],

  async run(context, [text]) {
    const release = requireRelease(text);
    await context.withRunner((runner) => runner.start(release));
    return { release, rests: await restingView(context, release) };
  },

  json: ({ release, rests }) => ({
    release,
    state: 'Running',
    rests: rests?.state ?? null,
    wanted: rests?.wanted ?? null,
  }),

  show: ({ release, rests }) => ({
    lines: [`${release} got ready: ${WANTED_RUNNING}`],
    next:
      rests !== null && rests.routedPids.length > 0
        ? ['detect', '--pid', rests.routedPids[0] ?? '', '--image', 'image.png']
        : ['activate', release, '--pid', ...(rests?.supportedPids ?? [])],
  }),
});
