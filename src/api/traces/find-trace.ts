import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean, RunnerError } from '../../base/errors/index.js';
import { storeLayout } from '../../store/index.js';
import { lastServedRun, linkedTraces, listTraceFiles, walkRun, walkTrace } from '../../trace/index.js';
import type { TraceRecord, TraceRun } from '../../trace/index.js';

/** A trace somebody named. */
export interface FoundTrace {
  /** The file that was named, or the newest of its run. */
  readonly file: string;
  /** The file that was named, or those of the run in order. */
  readonly files: readonly string[];
  /** What they hold for whoever steps machines over it: from where every actor stood when what was before is gone. */
  readonly history: (onFile?: (done: number, of: number) => void) => AsyncIterable<TraceRecord>;
}

/** @param name a file, a run, or `latest` for the last run of the store that served; the newest when left out @throws RunnerError release_not_found */
export async function openTrace(name: string | undefined, store: string): Promise<FoundTrace> {
  if (name !== undefined && (await isFile(name))) return { file: name, files: [name], history: () => walkTrace(name) };
  const { files } = await findRun(name, store);
  const file = files.at(-1) ?? '';
  return { file, files, history: (onFile) => walkRun(file, onFile) };
}

/** The path of a trace: a file, or the newest file of a run. @throws RunnerError release_not_found */
export async function findTrace(name: string, store: string): Promise<string> {
  return (await openTrace(name, store)).file;
}

/** The files of a run, in order. @throws RunnerError release_not_found, saying where it looked */
export async function findRun(name: string | undefined, store: string): Promise<Pick<TraceRun, 'run' | 'files'>> {
  const { traces } = storeLayout(store);
  const files = await listTraceFiles(traces);
  const run = name === undefined ? files.at(-1)?.run : name === 'latest' ? await lastServedRun(files) : name;
  const own = files.filter((file) => file.run === run).map(({ path }) => path);
  if (run !== undefined && own.length > 0) return { run, files: own };
  const linked = await linkedTraces(traces);
  const named = linked.find((link) => name !== undefined && (link === name || link.startsWith(`${name}.`)));
  if (named !== undefined || (files.length === 0 && linked.length > 0))
    throw notOrdinary(traces, named ?? linked[0] ?? '');
  if (files.length === 0)
    throw new RunnerError('release_not_found', `There is no trace in ${traces}.`, {
      hint: 'A Runner writes one as soon as it opens the store; name the store with --store.',
      details: { looked_in: traces },
    });
  const runs = [...new Set(files.map((file) => file.run))];
  const near = didYouMean(run ?? '', [...runs].reverse());
  throw new RunnerError('release_not_found', `There is no trace file ${run}, and no run of that name in ${traces}.`, {
    hint: `${near} List the runs with \`procvision trace ls\`; \`latest\` means the last that served.`.trimStart(),
    details: { looked_in: traces, runs },
  });
}

const notOrdinary = (folder: string, name: string): RunnerError =>
  new RunnerError('release_not_found', `${join(folder, name)} is no ordinary file, and is not read.`, {
    hint: 'A link, or what it points to, can be read by naming the file itself.',
    details: { looked_in: folder, file: name },
  });

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
