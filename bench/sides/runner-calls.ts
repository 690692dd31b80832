import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { dirname, join } from 'node:path';
import { frameBytes } from '../harness/frame-bytes.js';
import type { Numbers } from '../harness/protocol.js';
import { serveSide } from '../harness/serve-side.js';
import { timeEach } from '../harness/timing.js';
import { openPrepared } from '../packages/prepared.js';
import type { Prepared } from '../packages/prepared.js';

/** Calls without an image through the whole Runner, as a host makes them: `flow.execute(1)`. */
export interface RunnerCallsOptions {
  readonly prepared: Prepared;
  readonly trace: boolean;
}

const FACT_CALLS = 200;
/** The recorder writes after 100 ms at the latest. */
const TRACE_WRITTEN_MS = 300;

serveSide<RunnerCallsOptions>(async ({ prepared, trace }) => {
  const runner = await openPrepared(prepared, { trace });
  const flow = runner.openFlow({ pid: prepared.pid });
  const call = async (): Promise<void> => {
    const { status, outcome } = await flow.execute(1);
    if (status !== 'OK') throw new Error(`a call ended as ${outcome}`);
  };
  return {
    round: (size) => timeEach(size, call),
    async facts() {
      const bytes = await frameBytes(FACT_CALLS, call);
      return { ...bytes, ...(runner.traceFile === null ? {} : await traceFacts(dirname(runner.traceFile))) };
    },
    async close() {
      flow.close();
      await runner.close();
    },
  };
});

/** All that the trace takes on the disk, headers, dictionary and checksums included, per record. */
async function traceFacts(folder: string): Promise<Numbers> {
  await sleep(TRACE_WRITTEN_MS);
  let bytes = 0;
  let records = 0;
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), 'utf8');
    bytes += Buffer.byteLength(text);
    for (const line of text.split('\n')) if (line.startsWith('[')) records += 1;
  }
  return { bytesPerRecord: bytes / records };
}
