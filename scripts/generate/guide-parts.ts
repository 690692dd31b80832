import { changeoverMachine, packageMachine, processMachine, routeMachine } from '../../machines/index.js';
import { briefMermaidOf, readChart, selection } from '../../src/diagrams/index.js';
import { supervisionOptions, switchOptions } from './options-tables.js';
import { picture } from './parts.js';
import { settingsTable } from './settings-parts.js';
import { failedStartsTable, restartTable } from './restart-table.js';

/** Where a process is while its call makes no progress, and what ends that. */
const OF_A_CALL = /^(Running|Executing.*|Stopping|Killing)$/;
/** From the loss of a process to the breaker, and what closes it. */
const OF_THE_BREAKER = /^(Running(\.Restarting|\.Stopping)?|Stopped(\.(?!Halting|Uninstalling).*)?)$/;

/** Pictures and tables of the guides, by page. */
export const guideParts = (): ReadonlyMap<string, ReadonlyMap<string, string>> =>
  new Map([
    ['docs/guides/settings.md', new Map([['settings', settingsTable()]])],
    [
      'docs/guides/switch-and-roll-back.md',
      new Map([
        ['changeover', picture(briefMermaidOf(readChart(changeoverMachine)))],
        ['route', picture(briefMermaidOf(readChart(routeMachine)))],
        ['switch-options', switchOptions()],
      ]),
    ],
    [
      'docs/guides/supervision.md',
      new Map([
        ['options', supervisionOptions()],
        ['restarts', restartTable()],
        ['failed-starts', failedStartsTable()],
        ['breaker', picture(briefMermaidOf(selection(readChart(packageMachine), OF_THE_BREAKER)))],
        ['progress', picture(briefMermaidOf(selection(readChart(processMachine), OF_A_CALL)))],
      ]),
    ],
  ]);
