import type { PidStatus, StatusReport } from '../../api/results.js';
import { readsOf } from '../../api/store-reads.js';
import type { Colors } from '../colors.js';
import { resultCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { wireStatus } from '../../api/wire/status.js';
import { table } from '../table.js';
import type { Cell } from '../table.js';

export const status = resultCommand<[], object, StatusReport>({
  run: ({ store }) => readsOf(store).status(),

  json: wireStatus,

  show({ ok, runner, pids, amiss }, colors) {
    const [first] = amiss.flatMap(({ next }) => (next === null ? [] : [next]));
    const since = runner.since === null || !isThere(runner.life) ? '' : `, since ${runner.since}`;
    return {
      lines: [
        `${ok ? colors.green('all is well') : colors.red('not all is well')}: ${runner.message}${since}`,
        ...(pids.length === 0 ? [] : ['', ...table(HEADINGS, pids.map(rowOf(colors)), colors)]),
        ...(amiss.length === 0 ? [] : ['', colors.bold('amiss')]),
        ...amiss.map(({ subject, what }) => `  ${colors.red(subject)}: ${what}`),
      ],
      ...(pids.length === 0 ? { notes: ['no product id is bound'] } : {}),
      ...(first === undefined ? {} : { next: first }),
    };
  },

  exitCode: ({ ok }) => (ok ? EXIT.done : EXIT.failed),
});

const HEADINGS = ['PID', 'served by', 'bound to', 'state', 'since', 'what happened last'];

const isThere = (life: StatusReport['runner']['life']): boolean => life !== 'killed' && life !== 'none';

const rowOf =
  (colors: Colors) =>
  ({ pid, bound, serving, state, since, onProbation, last, amiss }: PidStatus): readonly Cell[] => [
    pid,
    serving === null ? ['nothing', colors.red] : [serving, colors.green],
    bound ?? '',
    amiss === null ? (onProbation ? `${state}, on probation` : state) : [state, colors.red],
    since ?? '',
    last === null ? '' : `${last.at} ${last.what}`,
  ];
