import { Option } from 'commander';
import type { ChangeReport } from '../../api/results.js';
import { requireRelease } from '../arguments.js';
import { makeChange } from '../changes/make-change.js';
import { showChange } from '../changes/show-change.js';
import { exitCodeOf } from '../changes/exit-code.js';
import { wireChange } from '../../api/wire/change.js';
import { CLI } from '../cli.js';
import { resultCommand } from '../command.js';

export const rollback = resultCommand<[pid: string], { readonly to?: string }, ChangeReport>({
  arguments: [['<pid>', 'product id, as `procvision ls` shows it']],
  options: [new Option('--to <release>', 'name@version, instead of the release it was switched from')],

  async run(context, [pid], { to }) {
    const target = to === undefined ? {} : { to: requireRelease(to) };
    return makeChange(context, (api, watching) => api.rollback(pid, { ...CLI, ...watching, ...target }));
  },

  json: wireChange,
  show: (report) => ({ ...showChange(report), next: ['history', report.pids[0] ?? ''] }),
  exitCode: exitCodeOf,
});
