import { Option } from 'commander';
import { readTraceHeader, unknownName } from '../../api/trace.js';
import type { TraceRecord } from '../../api/trace.js';
import { countFrom1 } from '../arguments.js';
import { streamCommand } from '../command.js';
import { openTrace } from '../../api/traces/find-trace.js';
import { TRACE } from '../trace/argument.js';
import { filterOptions, toFilter } from '../trace/filter-options.js';
import type { FilterOptions } from '../trace/filter-options.js';
import { Columns, FORMATS, isShownIn, showRecord } from '../trace/format.js';
import type { Format } from '../trace/format.js';
import { readRecords } from '../../api/traces/read-records.js';
import { callsIn, requireNames } from '../trace/require-names.js';
import { wireRecord } from '../../api/wire/record.js';

interface Options extends FilterOptions {
  readonly format: Format;
  readonly tail?: number;
  readonly all?: boolean;
}

interface Item {
  readonly record: TraceRecord;
  readonly columns: Columns;
  readonly isFirst: boolean;
}

/** Nobody reads a million lines: whoever asks for nothing in particular gets what came last. */
const TAIL = 1000;

export const traceShow = streamCommand<[trace: string | undefined], Options, Item>({
  arguments: [TRACE],
  options: [
    ...filterOptions(),
    new Option('--format <format>', 'compact: a line each; timeline: only what moved or failed; full: with all data')
      .choices(FORMATS)
      .default('compact'),
    new Option('--tail <n>', `only the last so many; ${TAIL} where no filter is given`).argParser(countFrom1),
    new Option('--all', 'every record, however many there are'),
  ],

  async *items({ store, json, note, progress }, [trace], options) {
    const { file, files } = await openTrace(trace ?? 'latest', store);
    const { format, tail: asked, all = false, ...filters } = options;
    const isBare = !all && !json && asked === undefined && Object.keys(filters).length === 0;
    const tail = asked ?? (isBare ? TAIL : undefined);
    const batches = readRecords(files, {
      filter: await toFilter(filters, file),
      // A format is for people: a program gets every record that matches.
      isWanted: (record) => json || isShownIn(format, record),
      onProgress: (done, of) => progress('reading the trace', Math.round((done / of) * 100)),
      ...(tail === undefined ? {} : { tail }),
    });
    const { first_seq: first } = await readTraceHeader(files[0] ?? file);
    let isEmpty = true;
    for await (const item of withColumns(batches)) {
      if (isBare && item.isFirst && item.record.seq >= first + TAIL)
        note(`the last ${TAIL} records; narrow them down with filters, or print every one with --all`);
      isEmpty = false;
      yield item;
    }
    if (!isEmpty) return;
    // Only then: the files of a long run are not gone through twice for nothing.
    await requireNames(files, filters, progress);
    if (filters.call !== undefined) throw unknownName('call', String(filters.call), await callsIn(files));
  },

  json: ({ record }) => wireRecord(record),
  show: ({ record, columns }, { format }, colors) => showRecord(record, format, columns, colors),
});

/** So many say how wide the columns are. */
const LOOKED_AT = 200;

async function* withColumns(batches: AsyncIterable<readonly TraceRecord[]>): AsyncGenerator<Item> {
  const held: TraceRecord[] = [];
  let columns: Columns | null = null;
  const letGo = function* (): Generator<Item> {
    let isFirst = columns === null;
    columns ??= new Columns(held.slice(0, LOOKED_AT));
    for (const record of held.splice(0)) {
      yield { record, columns, isFirst };
      isFirst = false;
    }
  };
  try {
    for await (const records of batches) {
      for (const record of records) held.push(record);
      if (columns !== null || held.length >= LOOKED_AT) yield* letGo();
    }
  } catch (error) {
    // What came before a damage is shown before it is told.
    yield* letGo();
    throw error;
  }
  yield* letGo();
}
