import { Option } from 'commander';
import { filterTrace } from '../../index.js';
import type { TraceRecord } from '../../index.js';
import { streamCommand } from '../command.js';
import { openTrace, TRACE } from '../find-trace.js';
import { filterOptions, toFilter } from '../trace/filter-options.js';
import type { FilterOptions } from '../trace/filter-options.js';
import { Columns, FORMATS, isShownIn, showRecord } from '../trace/format.js';
import type { Format } from '../trace/format.js';
import { wireRecord } from '../trace/wire-record.js';

interface Options extends FilterOptions {
  readonly format: Format;
}

interface Item {
  readonly record: TraceRecord;
  readonly columns: Columns;
}

export const traceShow = streamCommand<[trace: string | undefined], Options, Item>({
  name: 'trace show',
  summary: 'print what every actor went through, in order: number, time, actor, states, event, data',
  arguments: [TRACE],
  options: [
    ...filterOptions(),
    new Option('--format <format>', 'compact: a line each; timeline: only what moved or failed; full: with all data')
      .choices(FORMATS)
      .default('compact'),
  ],

  async *items({ store }, [trace], options) {
    const { file, records } = await openTrace(trace, store);
    const wanted = filterTrace(records(), await toFilter(options, file));
    yield* withColumns(shownIn(options.format, wanted));
  },

  json: ({ record }) => wireRecord(record),
  show: ({ record, columns }, { format }, colors) => showRecord(record, format, columns, colors),
});

async function* shownIn(format: Format, records: AsyncIterable<TraceRecord>): AsyncGenerator<TraceRecord> {
  for await (const record of records) if (isShownIn(format, record)) yield record;
}

/** So many say how wide the columns are. */
const LOOKED_AT = 200;

async function* withColumns(records: AsyncIterable<TraceRecord>): AsyncGenerator<Item> {
  const held: TraceRecord[] = [];
  let columns: Columns | null = null;
  const letGo = function* (): Generator<Item> {
    columns ??= new Columns(held);
    for (const record of held.splice(0)) yield { record, columns };
  };
  try {
    for await (const record of records) {
      held.push(record);
      if (columns !== null || held.length === LOOKED_AT) yield* letGo();
    }
  } catch (error) {
    // What came before a damage is shown before it is told.
    yield* letGo();
    throw error;
  }
  yield* letGo();
}
