import { Option } from 'commander';
import type { ChangeReport, ProbationPolicy } from '../../api/results.js';
import { countFrom0, requireRelease, RELEASE } from '../arguments.js';
import { makeChange } from '../changes/make-change.js';
import { showChange } from '../changes/show-change.js';
import { exitCodeOf } from '../changes/exit-code.js';
import { wireChange } from '../../api/wire/change.js';
import { CLI } from '../cli.js';
import { resultCommand } from '../command.js';
import { deadlineOptions } from '../deadlines.js';
import type { DeadlineOptions } from '../deadlines.js';
import { usage } from '../failure.js';

interface Options extends DeadlineOptions {
  readonly pid: readonly string[];
  readonly probationMs?: number;
  readonly errorsMax?: number;
  readonly callsMin?: number;
  readonly until: 'committed' | 'confirmed';
}

export const switchCommand = resultCommand<[release: string], Options, ChangeReport>({
  arguments: [RELEASE],
  options: [
    new Option('--pid <pid...>', 'product ids; all of them are moved or none').makeOptionMandatory(),
    new Option('--probation-ms <ms>', 'how long the release before stays warm; 0: no probation').argParser(countFrom0),
    new Option(
      '--errors-max <n>',
      'failed calls it may have meanwhile; one more returns to the release before',
    ).argParser(countFrom0),
    new Option('--calls-min <n>', 'calls it has to serve before its probation ends').argParser(countFrom0),
    new Option('--until <point>', 'wait until it is committed, or until its probation is over')
      .choices(['committed', 'confirmed'])
      .default('committed'),
    ...deadlineOptions('helloMs', 'confirmMs'),
  ],

  async run(context, [text], { pid, until, ...options }) {
    const release = requireRelease(text);
    if (until === 'confirmed' && (options.callsMin ?? 0) > 0)
      throw usage(
        '--calls-min cannot be waited for: no calls come to the Runner of a command.',
        'Leave out --until confirmed; a host that opens the store goes on with the probation.',
      );
    const probation = probationOf(options);
    return makeChange(
      context,
      (api, watching) => api.switch(pid, release, { ...CLI, ...watching, until, probation }),
      options,
    );
  },

  json: wireChange,
  show: showChange,
  exitCode: exitCodeOf,
});

/** What is not named is left to the policy of the release. */
const probationOf = ({
  probationMs,
  errorsMax,
  callsMin,
}: Omit<Options, 'pid' | 'until'>): Partial<ProbationPolicy> => ({
  ...(probationMs === undefined ? {} : { durationMs: probationMs }),
  ...(errorsMax === undefined ? {} : { errorsMax }),
  ...(callsMin === undefined ? {} : { callsMin }),
});
