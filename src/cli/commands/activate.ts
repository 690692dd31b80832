import { Option } from 'commander';
import type { ChangeReport } from '../../index.js';
import { requireRelease, RELEASE } from '../arguments.js';
import { wireChange } from '../changes/wire-change.js';
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
    return context.withRunner((runner) => {
      context.progress(`starting ${release}`);
      return runner.activate(release, [...new Set(pid)]);
    }, timingsOf(deadlines));
  },

  json: wireChange,

  show: ({ to, pids }) => ({
    lines: pids.map((pid) => `${pid} → ${to}`),
    next: ['detect', '--pid', pids[0] ?? '', '--image', 'image.png'],
  }),
});
