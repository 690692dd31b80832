import { Option } from 'commander';
import type { IncidentsRead } from '../../api/results.js';
import { readsOf } from '../../api/store-reads.js';
import { explaining, wireIncidents } from '../../api/wire/incident.js';
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
    readsOf(store).incidents(tail, (done, of) => progress('going through the traces', Math.round((done / of) * 100))),

  json: wireIncidents,

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

const rowOf =
  (colors: Colors) =>
  (found: Found): readonly Cell[] => [
    isoOf(found.atMs) ?? '',
    'seq' in found ? found.actor : 'runner',
    [found.fault === null ? found.what : `${found.what}: ${found.fault.code} ${found.fault.message}`, colors.red],
    commandLine(['procvision', ...explaining(found)]),
  ];
