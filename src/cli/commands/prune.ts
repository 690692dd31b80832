import { Option } from 'commander';
import { countFrom1 } from '../arguments.js';
import { CLI } from '../cli.js';
import { resultCommand } from '../command.js';

interface Options {
  readonly keep?: number;
  readonly yes?: boolean;
}

interface Data extends Options {
  readonly releases: readonly string[];
}

export const prune = resultCommand<[], Options, Data>({
  options: [
    new Option('--keep <n>', 'how many of each algorithm stay, beside those product ids need; 3').argParser(countFrom1),
    new Option('--yes', 'remove them; their zips stay in the store'),
  ],

  async run(context, _args, { keep, yes = false }) {
    const kept = keep === undefined ? {} : { keep };
    const releases = await context.withRunner((api) => {
      if (yes) context.progress('removing releases');
      return api.prune({ ...CLI, ...kept, remove: yes });
    });
    return { ...kept, yes, releases };
  },

  json: ({ yes, releases }) => ({ removable: yes === true ? [] : releases, removed: yes === true ? releases : [] }),

  show({ keep, yes, releases }) {
    if (releases.length === 0) return { lines: [], notes: ['nothing to remove'], next: ['ls'] };
    if (yes === true) return { lines: releases.map((release) => `${release} is uninstalled`), next: ['ls'] };
    const again = keep === undefined ? [] : ['--keep', String(keep)];
    return { lines: releases, notes: ['nothing was removed'], next: ['prune', ...again, '--yes'] };
  },
});
