import { Option } from 'commander';
import { CLI } from '../cli.js';
import { resultCommand } from '../command.js';

interface Confirmed {
  readonly pid: string;
  readonly release: string;
}

export const confirm = resultCommand<[], { readonly pid: readonly string[] }, readonly Confirmed[]>({
  options: [
    new Option('--pid <pid...>', 'product ids on probation, as `procvision ls` shows them').makeOptionMandatory(),
  ],

  run: (context, _args, { pid }) =>
    context.withRunner(async (api) => {
      const pids = [...new Set(pid)];
      await api.confirm(pids, CLI);
      return Promise.all(pids.map(async (each) => ({ pid: each, release: await api.routeOf(each) })));
    }),

  json: (confirmed) => confirmed.map(({ pid, release }) => ({ pid, release })),

  show: (confirmed) => ({
    lines: confirmed.map(({ pid, release }) => `${pid} → ${release}, its probation is over`),
    next: ['ls'],
  }),
});
