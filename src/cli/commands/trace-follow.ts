import { existsSync } from 'node:fs';
import { Option } from 'commander';
import { runLife } from '../../api/store.js';
import { readTraceHeader, traceFilter, TraceTail } from '../../api/trace.js';
import type { TraceRecord } from '../../api/trace.js';
import { countFrom0 } from '../arguments.js';
import type { CommandSpec } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { findRun } from '../../api/traces/find-trace.js';
import { filterOptions, toFilter } from '../trace/filter-options.js';
import type { FilterOptions } from '../trace/filter-options.js';
import { Columns, FORMATS, isShownIn, showRecord } from '../trace/format.js';
import type { Format } from '../trace/format.js';
import { lifeWords } from '../trace/life-words.js';
import { untilAbortedOr } from '../trace/pause.js';
import { requireNames } from '../trace/require-names.js';
import { wireRecord } from '../../api/wire/record.js';

interface Options extends FilterOptions {
  readonly format: Format;
  readonly tail: number;
}

/** A Runner writes what it has after 100 ms. */
const LOOK_MS = 100;

/** Whether a Runner that writes nothing still lives is asked so often. */
const LIFE_MS = 1_000;

/** Prints each record as soon as it is on disk. With `--json` one record a line (NDJSON), whatever the format for people. */
export const traceFollow: CommandSpec = {
  arguments: [],
  options: [
    ...filterOptions(),
    new Option('--format <format>', 'as of `trace show`').choices(FORMATS).default('compact'),
    new Option('--tail <n>', 'so many records of before').argParser(countFrom0).default(10),
  ],

  async execute({ store, signal, note, progress }, _args, given, output) {
    const options = given as Options;
    const { run, files } = await findRun(undefined, store);
    const newest = files.at(-1) ?? '';
    await requireNames(files, options, progress);
    const matches = traceFilter(await toFilter(options, newest));
    const tail = await TraceTail.open(newest, (await readTraceHeader(newest)).first_seq);
    const columns = new Columns();
    /** What was there before; null once that is printed. */
    let before: TraceRecord[] | null = [];
    const print = (record: TraceRecord): void => {
      if (output.json) output.piece('', wireRecord(record));
      else for (const line of showRecord(record, options.format, columns, output.colors)) output.text(line);
    };
    const take = (record: TraceRecord): void => {
      if (!matches(record) || (!output.json && !isShownIn(options.format, record))) return;
      if (before === null) return print(record);
      before.push(record);
      if (before.length > options.tail) before.shift();
    };
    let askedMs = Date.now();
    note(`following ${run}`);
    try {
      while (!signal.aborted && !output.isClosed) {
        const batch = await tail.next();
        for (const record of batch) take(record);
        if (batch.length > 0) continue;
        for (const record of before ?? []) print(record);
        before = null;
        if (tail.isAtEnd) {
          note('the Runner closed');
          break;
        }
        const newer = await findRun(undefined, store).catch(() => null);
        if (newer?.run !== run && !existsSync(tail.file)) {
          for (const record of await tail.next()) take(record);
          note('the Runner closed; nothing was done in this run, which leaves no file');
          break;
        }
        // Looked at last: whatever it wrote before it died was printed.
        if (newer !== null && (newer.run !== run || Date.now() - askedMs >= LIFE_MS)) {
          askedMs = Date.now();
          const life = await runLife(store, newer.run === run ? newer.files : files);
          if (newer.run !== run || life.kind === 'killed') {
            for (const record of await tail.next()) take(record);
            output.warn(`${lifeWords(life)}${newer.run === run ? '' : `; a newer run is ${newer.run}`}`);
            return EXIT.failed;
          }
        }
        await untilAbortedOr(LOOK_MS, signal);
      }
    } finally {
      await tail.close();
    }
    return EXIT.done;
  },
};
