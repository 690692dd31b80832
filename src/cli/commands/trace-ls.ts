import { linkedTraces, listTraceRuns, livesOfRuns, storeLayout } from '../../index.js';
import type { RunLife, TraceRun } from '../../index.js';
import { resultCommand } from '../command.js';
import { shownPath } from '../shown-path.js';
import { table } from '../table.js';
import { lifeWords, wireLife } from '../trace/life-words.js';
import type { Cell } from '../table.js';

interface Data {
  readonly folder: string;
  readonly runs: readonly (TraceRun & { readonly life: RunLife })[];
  /** What lies among them and is no ordinary file. */
  readonly linked: readonly string[];
}

export const traceLs = resultCommand<[], object, Data>({
  async run({ store, progress }) {
    progress('looking at the traces');
    const { traces: folder } = storeLayout(store);
    const [linked, lifeOf] = await Promise.all([linkedTraces(folder), livesOfRuns(store)]);
    const found = await listTraceRuns(folder, (done, of) =>
      progress('looking at the traces', Math.floor((done / of) * 100)),
    );
    const runs = await Promise.all(
      found.map(async (run) => ({ ...run, life: await lifeOf(run.run, run.files, run.end === 'closed') })),
    );
    return { folder, linked, runs };
  },

  json: ({ runs }) =>
    runs.map(({ run, files, startedMs, runnerVersion, firstSeq, records, bytes, end, gaps, problem, life }) => ({
      run,
      started_at: startedMs === null ? null : new Date(startedMs).toISOString(),
      runner: runnerVersion,
      first_seq: firstSeq,
      records,
      bytes,
      closed: end === 'closed',
      runner_life: wireLife(life),
      gaps: gaps.map(({ beforeSeq, missing, since, reason }) => ({ before_seq: beforeSeq, missing, since, reason })),
      problem,
      files,
    })),

  show({ folder, runs, linked }, colors) {
    const warnings = linked.length === 0 ? [] : [notRead(linked)];
    if (runs.length === 0) return { lines: [], warnings, notes: [`no traces in ${shownPath(folder)}`] };
    const rows = runs.map(
      ({ run, files, startedMs, runnerVersion, records, bytes, gaps, problem, life }): readonly Cell[] => [
        run,
        startedMs === null ? '' : new Date(startedMs).toISOString().slice(0, 19).replace('T', ' '),
        runnerVersion ?? '',
        records === null ? '' : String(records),
        String(bytes),
        String(files.length),
        problem !== null
          ? [problem, colors.red]
          : gaps.length > 0
            ? [gapsIn(gaps, life), colors.yellow]
            : [endOf(life), life.kind === 'closed' || life.kind === 'living' ? colors.green : colors.yellow],
      ],
    );
    return {
      lines: table(['run', 'began (UTC)', 'Runner', 'records', 'bytes', 'files', 'end'], rows, colors),
      warnings,
      next: ['trace', 'show', runs.at(-1)?.run ?? 'latest'],
    };
  },
});

const notRead = (linked: readonly string[]): string =>
  `${linked.slice(0, 3).join(', ')}${linked.length > 3 ? ` and ${linked.length - 3} more` : ''}: no ordinary files (links, pipes, folders), which are not read`;

/** In a word where it is as it should be. */
const endOf = (life: RunLife): string =>
  life.kind === 'closed'
    ? 'closed'
    : life.kind === 'living'
      ? 'open: its Runner works'
      : `not closed: ${lifeWords(life)}`;

const gapsIn = (gaps: TraceRun['gaps'], life: RunLife): string => {
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0);
  const [first] = gaps;
  return `${endOf(life)}; ${missing} records are missing in ${gaps.length === 1 ? 'a gap' : `${gaps.length} gaps`}: ${first?.reason ?? ''}`;
};
