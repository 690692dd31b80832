import { Option } from 'commander';
import { requireRelease, RELEASE } from '../arguments.js';
import { CLI } from '../cli.js';
import { resultCommand } from '../command.js';
import { restingView } from '../resting.js';
import type { ReleaseView } from '../../api/results.js';

interface Data {
  readonly release: string;
  readonly rests: ReleaseView | null;
}

export const stop = resultCommand<[release: string], { readonly force?: boolean }, Data>({
  arguments: [RELEASE],
  options: [new Option('--force', 'also while product ids are bound to it')],

  async run(context, [text], { force = false }) {
    const release = requireRelease(text);
    await context.withRunner((api) => {
      context.progress(`stopping ${release}`);
      return api.stop(release, { ...CLI, force });
    });
    return { release, rests: await restingView(context, release) };
  },

  json: ({ release, rests }) => ({ release, state: rests?.state ?? null, wanted: rests?.wanted ?? null }),

  show: ({ release, rests }) => ({
    lines: [`${release} is ${rests?.state ?? 'gone'} and not wanted running`],
    next: rests === null || rests.routedPids.length > 0 ? ['ls'] : ['uninstall', release],
  }),
});
