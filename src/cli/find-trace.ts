import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RunnerError, storeLayout } from '../index.js';

const SUFFIX = '.trace.jsonl';

/** The path of a trace: a file, or `latest` for the newest of the store. @throws RunnerError release_not_found */
export async function findTrace(file: string, store: string): Promise<string> {
  if (file === 'latest') return latestTrace(store);
  const isFile = await stat(file).then(
    (stats) => stats.isFile(),
    () => false,
  );
  if (isFile) return file;
  throw new RunnerError('release_not_found', `There is no trace file ${file}.`, {
    hint: 'Traces lie in logs/traces/ of the store; `latest` means the newest.',
  });
}

/** Their names begin with the time they were opened. */
async function latestTrace(store: string): Promise<string> {
  const { traces } = storeLayout(store);
  const names = await readdir(traces).catch(() => []);
  const newest = names
    .filter((name) => name.endsWith(SUFFIX))
    .sort()
    .at(-1);
  if (newest !== undefined) return join(traces, newest);
  throw new RunnerError('release_not_found', `There is no trace in ${traces}.`, {
    hint: 'A Runner writes one as soon as it opens the store; name the store with --store.',
  });
}
