import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { writeBigTrace } from '../../test/trace/support/big-trace.js';
import { storeLayout } from '../../src/index.js';
import { filesOfRun } from '../../src/trace/index.js';
import { serveSide } from '../harness/serve-side.js';

export interface TraceReadingOptions {
  readonly folder: string;
  readonly records: number;
}

const PROCVISION = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
/** The release whose life the trace tells. */
const ACTOR = 'screw-check@1.0.0';

/**
 * The commands as they are typed, with the start of their process, on all files of the run, against reading them. A file
 * that is named would be gone through alone.
 */
serveSide<TraceReadingOptions>(async ({ folder, records }) => {
  const { traces } = storeLayout(folder);
  const files = await filesOfRun(await writeBigTrace(traces, records));
  const store = ['--store', folder];
  return {
    async round() {
      return {
        why: await lengthMs(() => run('trace', 'why', ACTOR, ...store)),
        show: await lengthMs(() => run('trace', 'show', ...store)),
        read: await lengthMs(async () => {
          for (const file of files) await readFile(file);
        }),
      };
    },
  };
});

async function run(...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [PROCVISION, ...args], { stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`procvision ${args.join(' ')} ended with ${code}`);
}

async function lengthMs(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}
