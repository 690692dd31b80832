import type { RunLife } from '../../api/store.js';
import type { TraceRun } from '../../api/trace.js';
import { readsOf } from '../../api/store-reads.js';
import type { StoreRuns } from '../../api/traces/runs.js';
import { wireTraceRun } from '../../api/wire/trace-run.js';
import { resultCommand } from '../command.js';
import { shownPath } from '../shown-path.js';
import { table } from '../table.js';
import { lifeWords } from '../trace/life-words.js';
import type { Cell } from '../table.js';

export const traceLs = resultCommand<[], object, StoreRuns>({
  run({ store, progress }) {
    progress('looking at the traces');
    return readsOf(store).runs((done, of) => progress('looking at the traces', Math.floor((done / of) * 100)));
  },

  json: ({ runs }) => runs.map(wireTraceRun),

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
