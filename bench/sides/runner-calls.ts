import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { dirname, join } from 'node:path';
import { frameBytes } from '../harness/frame-bytes.js';
import { algorithmsBelow } from '../harness/os-processes.js';
import type { Numbers } from '../harness/protocol.js';
import { serveSide } from '../harness/serve-side.js';
import { timeEach } from '../harness/timing.js';
import { openPrepared } from '../packages/prepared.js';
import type { Prepared } from '../packages/prepared.js';

/** Calls without an image through the whole Runner, as a host makes them: `flow.execute(1)`. */
export interface RunnerCallsOptions {
  readonly prepared: Prepared;
  readonly trace: boolean;
  /** Processes the called release runs; 1. */
  readonly instances?: number;
  /** Further releases that run, each with a process of its own. */
  readonly beside?: readonly string[];
}

const FACT_CALLS = 200;
/** The recorder writes after 100 ms at the latest. */
const TRACE_WRITTEN_MS = 300;
const PROCESSES_UP_LIMIT_MS = 60_000;
const LOOK_MS = 50;

serveSide<RunnerCallsOptions>(async ({ prepared, trace, instances = 1, beside = [] }) => {
  const runner = await openPrepared(prepared, { trace, releases: { [prepared.release]: { instances } } });
  for (const release of beside) await runner.start(release);
  await processesAreUp(instances + beside.length);
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

/** A release is ready with its first process; the others may still be on their way. */
async function processesAreUp(count: number): Promise<void> {
  const startedMs = performance.now();
  const isUp = (): boolean => count === 1 || algorithmsBelow(process.pid).length === count;
  while (!isUp()) {
    if (performance.now() - startedMs > PROCESSES_UP_LIMIT_MS)
      throw new Error(`${algorithmsBelow(process.pid).length} of ${count} processes run`);
    await sleep(LOOK_MS);
  }
}

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
