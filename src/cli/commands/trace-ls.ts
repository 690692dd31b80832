import { listTraceRuns, storeLayout } from '../../index.js';
import type { TraceRun } from '../../index.js';
import { resultCommand } from '../command.js';
import { shownPath } from '../shown-path.js';
import { table } from '../table.js';
import type { Cell } from '../table.js';

interface Data {
  readonly folder: string;
  readonly runs: readonly TraceRun[];
}

export const traceLs = resultCommand<[], object, Data>({
  name: 'trace ls',
  summary: 'list the traces of the store: one for each time a Runner was opened',

  async run({ store }) {
    const { traces: folder } = storeLayout(store);
    return { folder, runs: await listTraceRuns(folder) };
  },

  json: ({ runs }) =>
    runs.map(({ run, files, startedMs, runnerVersion, firstSeq, records, bytes, end, problem }) => ({
      run,
      started_at: startedMs === null ? null : new Date(startedMs).toISOString(),
      runner: runnerVersion,
      first_seq: firstSeq,
      records,
      bytes,
      closed: end === 'closed',
      problem,
      files,
    })),

  show({ folder, runs }, colors) {
    if (runs.length === 0) return { lines: [], notes: [`no traces in ${shownPath(folder)}`] };
    const rows = runs.map(({ run, files, startedMs, runnerVersion, records, bytes, end, problem }): readonly Cell[] => [
      run,
      startedMs === null ? '' : new Date(startedMs).toISOString().slice(0, 19).replace('T', ' '),
      runnerVersion ?? '',
      records === null ? '' : String(records),
      String(bytes),
      String(files.length),
      problem !== null
        ? [problem, colors.red]
        : end === 'closed'
          ? ['closed', colors.green]
          : ['not closed: still open, or killed', colors.yellow],
    ]);
    return {
      lines: table(['run', 'began (UTC)', 'Runner', 'records', 'bytes', 'files', 'end'], rows, colors),
      next: ['trace', 'show', runs.at(-1)?.run ?? 'latest'],
    };
  },
});
