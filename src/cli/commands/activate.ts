import { Option } from 'commander';
import { requireRelease, RELEASE } from '../arguments.js';
import { resultCommand } from '../command.js';

interface Data {
  readonly release: string;
  readonly pids: readonly string[];
}

export const activate = resultCommand<[release: string], { readonly pid: readonly string[] }, Data>({
  arguments: [RELEASE],
  options: [new Option('--pid <pid...>', 'product ids the release supports').makeOptionMandatory()],

  async run(context, [text], { pid }) {
    const release = requireRelease(text);
    const pids = [...new Set(pid)];
    await context.withRunner((runner) => runner.activate(release, pids));
    return { release, pids };
  },

  json: ({ release, pids }) => ({ release, pids }),

  show: ({ release, pids }) => ({
    lines: pids.map((pid) => `${pid} → ${release}`),
    next: ['detect', '--pid', pids[0] ?? '', '--image', 'image.png'],
  }),
});
