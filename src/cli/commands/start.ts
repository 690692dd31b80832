import { requireRelease, RELEASE } from '../arguments.js';
import { CLI } from '../cli.js';
import { resultCommand } from '../command.js';
import { deadlineOptions, timingsOf } from '../deadlines.js';
import type { DeadlineOptions } from '../deadlines.js';
import { restingView, servingStep, WANTED_RUNNING } from '../resting.js';
import type { ReleaseView } from '../../api/results.js';

interface Data {
  readonly release: string;
  readonly rests: ReleaseView | null;
  readonly next: readonly string[];
}

export const start = resultCommand<[release: string], DeadlineOptions, Data>({
  arguments: [RELEASE],
  options: deadlineOptions('helloMs', 'confirmMs'),

  async run(context, [text], deadlines) {
    const release = requireRelease(text);
    await context.withRunner((api) => {
      context.progress(`starting ${release}`);
      return api.start(release, CLI);
    }, timingsOf(deadlines));
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
