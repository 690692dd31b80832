import { Option } from 'commander';
import { readTrace } from '../../index.js';
import type { TraceRecord } from '../../index.js';
import { streamCommand } from '../command.js';
import { findTrace } from '../find-trace.js';

export const traceShow = streamCommand<[file: string], { readonly full?: boolean }, TraceRecord>({
  name: 'trace show',
  summary: 'print every transition in order: number, time since the begin, actor, states, event, data',
  arguments: [['<file>', 'a .trace.jsonl file, or "latest" for the newest of the store']],
  options: [new Option('--full', 'print long data whole; --json always does')],

  async *items({ store }, [file]) {
    yield* readTrace(await findTrace(file, store));
  },

  json: ({ seq, atUs, actor, machine, event, data, before, after }) => ({
    seq,
    at_us: atUs,
    actor,
    machine,
    event,
    before,
    after,
    data,
  }),

  show({ seq, atUs, actor, event, data, before, after }, { full = false }, colors) {
    const seconds = `+${(atUs / 1e6).toFixed(6)}`;
    const states = `${before ?? '(new)'} → ${after}`;
    const text = Object.keys(data).length === 0 ? '' : JSON.stringify(data);
    const shown = full || text.length <= DATA_CHARS_MAX ? text : `${text.slice(0, DATA_CHARS_MAX)}…`;
    const columns = [`#${seq}`.padStart(6), seconds.padStart(11), actor, colors.cyan(states), event, colors.dim(shown)];
    return columns.join('  ').trimEnd();
  },
});

const DATA_CHARS_MAX = 120;
