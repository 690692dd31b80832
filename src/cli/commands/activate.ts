import { Option } from 'commander';
import type { ChangeReport } from '../../api/results.js';
import { requireRelease, RELEASE } from '../arguments.js';
import { wireChange } from '../../api/wire/change.js';
import { CLI } from '../cli.js';
import { resultCommand } from '../command.js';
import { deadlineOptions, timingsOf } from '../deadlines.js';
import type { DeadlineOptions } from '../deadlines.js';

interface Options extends DeadlineOptions {
  readonly pid: readonly string[];
}

export const activate = resultCommand<[release: string], Options, ChangeReport>({
  arguments: [RELEASE],
  options: [
    new Option('--pid <pid...>', 'product ids the release supports').makeOptionMandatory(),
    ...deadlineOptions('helloMs', 'confirmMs'),
  ],

  run(context, [text], { pid, ...deadlines }) {
    const release = requireRelease(text);
    return context.withRunner((api) => {
      context.progress(`starting ${release}`);
      return api.activate(release, [...new Set(pid)], CLI);
    }, timingsOf(deadlines));
  },

  json: wireChange,

  show: ({ to, pids }) => ({
    lines: pids.map((pid) => `${pid} → ${to}`),
    next: ['detect', '--pid', pids[0] ?? '', '--image', 'image.png'],
  }),
});
