import { Option } from 'commander';
import type { Installed, ReleaseView } from '../../api/results.js';
import { CLI } from '../cli.js';
import { resultCommand } from '../command.js';
import { deadlineOptions, timingsOf } from '../deadlines.js';
import type { DeadlineOptions } from '../deadlines.js';
import { restingView, servingStep, WANTED_RUNNING } from '../resting.js';

interface Data {
  readonly installed: Installed;
  readonly rests: ReleaseView | null;
  readonly next: readonly string[];
}

export const install = resultCommand<[zip: string], DeadlineOptions & { readonly start: boolean }, Data>({
  arguments: [['<zip>', 'offline package; it is copied into the store']],
  options: [
    new Option('--no-start', 'stop at Deployed: checked and probed, not wanted running'),
    ...deadlineOptions('helloMs', 'confirmMs'),
  ],

  async run(context, [zip], { start, ...deadlines }) {
    const installed = await context.withRunner(
      (api) =>
        api.install(zip, {
          ...CLI,
          target: start ? 'Running' : 'Deployed',
          onProgress: ({ stage, percent }) => context.progress(stage, percent),
        }),
      { mayCreate: true, ...timingsOf(deadlines) },
    );
    const { release } = installed;
    return { installed, rests: await restingView(context, release), next: await servingStep(context, release) };
  },

  json: ({ installed: { release, state, report }, rests }) => ({
    release,
    state,
    rests: rests?.state ?? null,
    wanted: rests?.wanted ?? null,
    supported_pids: rests?.supportedPids ?? [],
    report,
  }),

  show({ installed: { release, state, report }, rests, next }) {
    const warnings = report?.checks.flatMap(({ result, name, message }) =>
      result === 'warning' ? [`${name}: ${message}`] : [],
    );
    const standing = rests?.wanted === 'running' ? `${state}, ${WANTED_RUNNING}` : state;
    return {
      lines: [state === 'Running' ? `${release} got ready: ${WANTED_RUNNING}` : `${release} is ${standing}`],
      warnings: warnings ?? [],
      next,
    };
  },
});
