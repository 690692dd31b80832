import { Option } from 'commander';
import { replay as replayTrace } from '../../api/trace.js';
import { runLife } from '../../api/store.js';
import type { RunLife } from '../../api/store.js';
import { filesOfRun, machinesOf } from '../../api/trace.js';
import type { ReplayedStep, ReplayReport } from '../../api/trace.js';
import { countFrom1 } from '../arguments.js';
import type { CommandSpec } from '../command.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { findTrace } from '../../api/traces/find-trace.js';
import type { Output } from '../output.js';
import { showReplay } from '../replay/show-replay.js';
import { wireLife } from '../../api/wire/run-life.js';
import { lifeWords } from '../trace/life-words.js';
import { showStep } from '../replay/show-step.js';
import { wireReplay, wireStep } from '../../api/wire/replay.js';

interface Options {
  readonly machineVersion?: string;
  readonly until?: number;
  readonly step?: boolean;
}

export const replay: CommandSpec = {
  arguments: [['<trace>', 'a .trace.jsonl file, a run as `procvision trace ls` names it, or "latest"']],
  options: [
    new Option(
      '--machine-version <hash or file>',
      "the machines to step: this Runner's, by the version of one of them, or another build's dist/machines/index.js",
    ),
    new Option('--until <seq>', 'stop after this record and print the state of every actor').argParser(countFrom1),
    new Option('--step', 'print every record as it is stepped over; on a terminal, wait for a key after each'),
  ],

  async execute(context, [name], options, output) {
    const { machineVersion, until, step = false } = options as Options;
    const trace = await findTrace(String(name), context.store);
    const steps: unknown[] = [];
    const report = await replayTrace(trace, {
      ...(machineVersion === undefined ? {} : { machines: await machinesOf(machineVersion) }),
      ...(until === undefined ? {} : { untilSeq: until }),
      signal: context.signal,
      ...(step
        ? {}
        : { onFile: (done, of) => context.progress('going through the trace', Math.round((done / of) * 100)) }),
      ...(step ? { onStep: output.json ? (taken) => void steps.push(wireStep(taken)) : walk(context, output) } : {}),
    });
    const life = await runLife(context.store, await filesOfRun(trace));
    const isComplete = report.gaps.length === 0 && (until !== undefined || !ENDLESS.includes(life.kind));
    const ok = report.isExact && isComplete;
    if (output.json)
      output.value({
        ok,
        complete: isComplete,
        ...wireReplay(trace, report),
        runner: wireLife(life),
        ...(step ? { steps } : {}),
      });
    else show(trace, report, until !== undefined, life, output);
    return ok ? EXIT.done : EXIT.failed;
  },
};

/** What it went through at last is not in the trace. */
const ENDLESS: readonly RunLife['kind'][] = ['killed', 'cut'];

/** Record by record; a person says when to go on, or to go on to the end. */
function walk({ keys, signal }: Context, output: Output): (taken: ReplayedStep) => void | Promise<void> {
  let waits = keys !== null;
  if (waits) output.note('any key: the next record; e: on to the end');
  return (taken) => {
    for (const line of showStep(taken, output.colors)) output.text(line);
    if (!waits) return undefined;
    return keys?.next(signal).then((key) => void (waits = key !== 'e' && key !== ''));
  };
}

function show(trace: string, report: ReplayReport, stopped: boolean, life: RunLife, output: Output): void {
  const { lines, warnings = [], next } = showReplay(trace, report, stopped, output.colors);
  for (const line of lines) output.text(line);
  if (!stopped && ENDLESS.includes(life.kind))
    output.warn(`after record ${report.lastSeq} the end is missing: ${lifeWords(life)}`);
  for (const warning of warnings) output.warn(warning);
  if (next !== undefined) output.next(next);
}
