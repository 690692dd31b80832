import { Option } from 'commander';
import { readIncidents } from '../../index.js';
import type { IncidentsRead } from '../../index.js';
import { countFrom1 } from '../arguments.js';
import type { Colors } from '../colors.js';
import { resultCommand } from '../command.js';
import { commandLine } from '../shell-words.js';
import { table } from '../table.js';
import type { Cell } from '../table.js';

type Found = IncidentsRead['incidents'][number];

interface Options {
  readonly tail?: number;
}

const SHOWN = 20;

export const traceIncidents = resultCommand<[], Options, IncidentsRead>({
  options: [new Option('--tail <n>', `so many, the newest; ${SHOWN}`).argParser(countFrom1)],

  run: ({ store, progress }, _args, { tail = SHOWN }) =>
    readIncidents(store, tail, (done, of) => progress('going through the traces', Math.round((done / of) * 100))),

  json: ({ incidents, isCut }) => ({
    incidents: incidents.map((found) => ({
      at: isoOf(found.atMs),
      run: found.run,
      seq: 'seq' in found ? found.seq : null,
      actor: 'seq' in found ? found.actor : 'runner',
      call: 'seq' in found ? found.callId : null,
      pids: 'seq' in found ? found.pids : [],
      what: found.what,
      fault: found.fault,
      explain: explaining(found),
    })),
    cut: isCut,
  }),

  show({ incidents, isCut }, colors) {
    if (incidents.length === 0)
      return { lines: [], notes: ['the traces of the store tell of nothing that went wrong'] };
    return {
      lines: table(['time', 'who', 'what went wrong', 'explained by'], incidents.map(rowOf(colors)), colors),
      notes: isCut ? ['there are more, older ones: --tail says how many are listed'] : [],
    };
  },
});

const isoOf = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());

/** The words after `procvision`. */
function explaining(found: Found): readonly string[] {
  const { run } = found;
  if (!('seq' in found)) return found.fault === null ? ['trace', 'show', run, '--tail', '20'] : ['doctor'];
  if (found.callId !== null) return ['trace', 'show', run, '--call', String(found.callId)];
  const [, owner] = /^((?:package|route|changeover)\/[^/]+)/.exec(found.actor) ?? [];
  return ['trace', 'why', owner ?? found.actor, run];
}

const rowOf =
  (colors: Colors) =>
  (found: Found): readonly Cell[] => [
    isoOf(found.atMs) ?? '',
    'seq' in found ? found.actor : 'runner',
    [found.fault === null ? found.what : `${found.what}: ${found.fault.code} ${found.fault.message}`, colors.red],
    commandLine(['procvision', ...explaining(found)]),
  ];
