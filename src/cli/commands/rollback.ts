import { Option } from 'commander';
import type { ChangeReport } from '../../index.js';
import { requireRelease } from '../arguments.js';
import { makeChange } from '../changes/make-change.js';
import { showChange } from '../changes/show-change.js';
import { exitCodeOf, wireChange } from '../changes/wire-change.js';
import { resultCommand } from '../command.js';

export const rollback = resultCommand<[pid: string], { readonly to?: string }, ChangeReport>({
  arguments: [['<pid>', 'product id, as `procvision ls` shows it']],
  options: [new Option('--to <release>', 'name@version, instead of the release it was switched from')],

  async run(context, [pid], { to }) {
    const target = to === undefined ? {} : { to: requireRelease(to) };
    return makeChange(context, (runner, watching) => runner.rollback(pid, { ...watching, ...target }));
  },

  json: wireChange,
  show: (report) => ({ ...showChange(report), next: ['history', report.pids[0] ?? ''] }),
  exitCode: exitCodeOf,
});
