import { isAtOrBelow, StatsCounter } from '../../api/trace.js';
import type { ActorStats, TraceStats } from '../../api/trace.js';
import type { Colors } from '../colors.js';
import { resultCommand } from '../command.js';
import { openTrace } from '../../api/traces/find-trace.js';
import { TRACE } from '../trace/argument.js';
import { table } from '../table.js';
import type { Cell } from '../table.js';
import { readRecords } from '../../api/traces/read-records.js';
import { shownDuration } from '../trace/duration.js';
import { requireNames } from '../trace/require-names.js';
import { filterOptions, toFilter } from '../trace/filter-options.js';
import type { FilterOptions } from '../trace/filter-options.js';

export const traceStatsCommand = resultCommand<[trace: string | undefined], FilterOptions, TraceStats>({
  arguments: [TRACE],
  options: filterOptions().filter(({ long }) => ['--actor', '--release', '--since', '--until'].includes(long ?? '')),

  async run({ store, progress }, [trace], options) {
    const { file, files } = await openTrace(trace, store);
    const { actor, release, ...times } = options;
    await requireNames(files, options, progress);
    const counter = new StatsCounter();
    const batches = readRecords(files, {
      filter: await toFilter(times, file),
      onProgress: (done, of) => progress('reading the trace', Math.round((done / of) * 100)),
    });
    for await (const records of batches) for (const record of records) counter.add(record);
    return counter.stats(
      (path) =>
        (actor === undefined || isAtOrBelow(path, actor)) &&
        (release === undefined || isAtOrBelow(path, `package/${release}`)),
    );
  },

  json: ({ records, missing, transitions, transitionsPerMinute, startedMs, durationMs, actors }) => ({
    records,
    missing,
    transitions,
    transitions_per_minute: transitionsPerMinute,
    started_at: startedMs === null ? null : new Date(startedMs).toISOString(),
    duration_ms: durationMs,
    actors: actors.map(wireActor),
  }),

  show({ records, missing, transitions, transitionsPerMinute, durationMs, actors }, colors) {
    const warnings = missing === 0 ? [] : [`${missing} records are missing: what happened in them counts nowhere`];
    if (records === 0) return { lines: [], warnings, notes: ['no records'] };
    const lasted = shownDuration(durationMs);
    return {
      lines: table(HEADINGS, actors.map(rowOf(colors)), colors),
      warnings,
      notes: [
        `${records} records in ${lasted}; ${transitions} transitions, ${perMinute(transitionsPerMinute)} a minute`,
      ],
    };
  },
});

const HEADINGS = ['actor', 'state', 'transitions', '/min', 'losses', 'restarts', 'time in each state'];

const rowOf =
  (colors: Colors) =>
  ({ actor, state, transitions, transitionsPerMinute, losses, restarts, states }: ActorStats): readonly Cell[] => {
    const sorted = [...states].sort((a, b) => b.durationMs - a.durationMs);
    const shown = sorted
      .slice(0, STATES_SHOWN)
      .map(({ state: name, durationMs }) => `${name} ${shownDuration(durationMs)}`);
    const more = sorted.length - shown.length;
    return [
      actor,
      state === null ? ['(gone)', colors.dim] : [state, colors.cyan],
      String(transitions),
      perMinute(transitionsPerMinute),
      losses === 0 ? '' : [String(losses), colors.red],
      restarts === 0 ? '' : [String(restarts), colors.yellow],
      [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', '),
    ];
  };

const STATES_SHOWN = 4;
const perMinute = (count: number): string => (count >= 100 ? String(Math.round(count)) : count.toFixed(1));

const wireActor = ({ transitionsPerMinute, states, ...rest }: ActorStats) => ({
  ...rest,
  transitions_per_minute: transitionsPerMinute,
  states: states.map(({ state, entered, durationMs }) => ({ state, entered, duration_ms: durationMs })),
});
