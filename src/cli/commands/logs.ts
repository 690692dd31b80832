import { Option } from 'commander';
import { countFrom1, requireRelease } from '../arguments.js';
import type { Colors } from '../colors.js';
import { streamCommand } from '../command.js';
import { LEVELS } from '../../api/logs/log-entry.js';
import type { Level, LogEntry } from '../../api/logs/log-entry.js';
import { readsOf } from '../../api/store-reads.js';
import { wireLogEntry } from '../../api/wire/log-entry.js';
import type { LogFilter } from '../../api/logs/read-logs.js';
import { requirePid } from '../require-pid.js';

type Options = Omit<LogFilter, 'release'>;

export const logs = streamCommand<[release: string | undefined], Options, LogEntry>({
  arguments: [['[release]', 'name@version; every release when left out']],
  options: [
    new Option('--level <level>', 'this level and the more serious ones').choices(LEVELS),
    new Option('--flow <id>', 'lines of one detection flow'),
    new Option('--pid <pid>', 'lines written while this product id was inspected'),
    new Option('--tail <n>', 'only the last lines').argParser(countFrom1),
  ],

  async *items({ store, note, progress }, [release], options) {
    const asked = { ...options, ...(release === undefined ? {} : { release: requireRelease(release) }) };
    const seen = new Set<string>();
    let lines = 0;
    const onEntry = ({ facts: { pid } }: LogEntry): void => {
      lines += 1;
      if (lines % PROGRESS_EVERY === 0) progress(`${lines} lines read`);
      if (typeof pid === 'string') seen.add(pid);
    };
    let isEmpty = true;
    for await (const entry of readsOf(store).logs(asked, onEntry)) {
      isEmpty = false;
      yield entry;
    }
    if (!isEmpty) return;
    if (options.pid !== undefined) await requirePid(store, options.pid, seen);
    note('no line of a log is like that');
  },

  json: wireLogEntry,

  // What the Runner knows comes before the bar, what anybody may have said behind it.
  show({ time, level, release, source, message, facts, fields }, _options, colors) {
    const when = time === 0 ? '-'.padEnd(24) : new Date(time).toISOString();
    const known = Object.entries(facts).map(([key, value]) => colors.dim(`${key}=${plain(value)}`));
    const added = Object.entries(fields).map(([key, value]) => colors.dim(`${key}=${plain(value)}`));
    const head = [
      colors.dim(when),
      PAINT(colors)[level](level.padEnd(5)),
      (source ?? '-').padEnd(9),
      release,
      ...known,
    ];
    return [...head, '|', message, ...added].join(' ');
  },
});

/** Lines between two looks at how far it is. */
const PROGRESS_EVERY = 10_000;

const PAINT = (colors: Colors): Readonly<Record<Level, (text: string) => string>> => ({
  debug: colors.dim,
  info: colors.green,
  warn: colors.yellow,
  error: colors.red,
});

/** A text that could pass for several words is quoted. */
const plain = (value: unknown): string =>
  typeof value === 'string' && /^[^\s"'=|]+$/.test(value) ? value : JSON.stringify(value);
