import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Option } from 'commander';
import { sequenceOf, testOf } from '../../api/trace.js';
import type { Sequence, TestImports } from '../../api/trace.js';
import { RunnerError } from '../../base/errors/index.js';
import { countFrom1 } from '../arguments.js';
import { resultCommand } from '../command.js';
import { openTrace } from '../../api/traces/find-trace.js';
import { shownPath } from '../shown-path.js';
import { outlineOf } from '../trace/require-names.js';

interface Options {
  readonly actor: string;
  readonly from?: number;
  readonly to?: number;
  readonly output: string;
}

interface Data extends Pick<Sequence, 'actor' | 'machine' | 'divergences'> {
  readonly output: string;
  readonly steps: number;
}

export const traceExportTest = resultCommand<[trace: string], Options, Data>({
  arguments: [['<trace>', 'a .trace.jsonl file, a run as `procvision trace ls` names it, or "latest"']],
  options: [
    new Option('--actor <path>', 'the actor: package/screw-check@1.0.0').makeOptionMandatory(),
    new Option('--from <seq>', "the first record; without it the actor's begin").argParser(countFrom1),
    new Option('--to <seq>', 'the last record; without it the end').argParser(countFrom1),
    new Option('--output <file>', 'the test file to write: a new one').makeOptionMandatory(),
  ],

  async run({ store, progress }, [name], { actor, from, to, output }) {
    const { file: trace, files } = await openTrace(name, store);
    if (existsSync(output))
      throw new RunnerError('invalid_usage', `${output} is there already.`, { hint: 'Name a file that is not.' });
    const sequence = await sequenceOf(trace, {
      onFile: (done, of) => progress('going through the trace', Math.round((done / of) * 100)),
      actor: (await outlineOf(files, progress)).pathOf(actor),
      ...(from === undefined ? {} : { fromSeq: from }),
      ...(to === undefined ? {} : { toSeq: to }),
    });
    const folder = dirname(resolve(output));
    await makeFolder(folder);
    await writeFile(output, testOf(sequence, basename(trace), await importsFrom(folder)), { flag: 'wx' });
    return { ...sequence, output, steps: sequence.steps.length };
  },

  json: ({ output, actor, machine, steps, divergences }) => ({ output, actor, machine, steps, divergences }),

  show: ({ output, actor, steps, divergences }) => ({
    lines: [`${shownPath(output)}: ${steps} records of ${actor}`],
    warnings:
      divergences === 0 ? [] : [`${divergences} of them do not lead where today's machines lead: the test fails`],
  }),
});

/** One level at most: whoever misspells a path wants to know. @throws RunnerError invalid_usage */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  await mkdir(folder).catch((cause: unknown) => {
    throw new RunnerError('invalid_usage', `The folder ${folder} cannot be made.`, {
      cause,
      hint: 'Name a file in a folder that is there.',
    });
  });
}

/** Within the Runner's own sources the test imports them, anywhere else the package. */
async function importsFrom(folder: string): Promise<TestImports | undefined> {
  for (let at = folder; dirname(at) !== at; at = dirname(at)) {
    const manifest = await readFile(join(at, 'package.json'), 'utf8').catch(() => null);
    if (manifest === null) continue;
    const { name } = JSON.parse(manifest) as { readonly name?: string };
    if (name !== 'procvision-runner' || !existsSync(join(at, 'src', 'index.ts'))) return undefined;
    const path = (...parts: string[]): string => relative(folder, join(at, ...parts));
    return { machines: path('machines', 'index.js'), library: path('src', 'api', 'trace.js') };
  }
  return undefined;
}
