import { changeoverMachine, packageMachine, processMachine, routeMachine } from '../../machines/index.js';
import { chartOf, partOf } from './chart.js';
import { mermaidOf } from './mermaid.js';
import { supervisionOptions, switchOptions } from './options-tables.js';
import { picture } from './parts.js';
import { failedStartsTable, restartTable } from './restart-table.js';

/** Where a process is while its call makes no progress, and what ends that. */
const OF_A_CALL = /^(Running|Executing.*|Stopping|Killing)$/;
/** From the loss of a process to the breaker, and what closes it. */
const OF_THE_BREAKER = /^(Running(\.Restarting|\.Stopping)?|Stopped(\.(?!Halting|Uninstalling).*)?)$/;

/** Pictures and tables of the guides, by page. */
export const guideParts = (): ReadonlyMap<string, ReadonlyMap<string, string>> =>
  new Map([
    [
      'docs/guides/switch-and-roll-back.md',
      new Map([
        ['changeover', picture(mermaidOf(chartOf(changeoverMachine)))],
        ['route', picture(mermaidOf(chartOf(routeMachine)))],
        ['switch-options', switchOptions()],
      ]),
    ],
    [
      'docs/guides/supervision.md',
      new Map([
        ['options', supervisionOptions()],
        ['restarts', restartTable()],
        ['failed-starts', failedStartsTable()],
        ['breaker', picture(mermaidOf(partOf(chartOf(packageMachine), OF_THE_BREAKER)))],
        ['progress', picture(mermaidOf(partOf(chartOf(processMachine), OF_A_CALL)))],
      ]),
    ],
  ]);
