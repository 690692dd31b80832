/**
 * A host with a Runner on a store, to be killed: `host.js <job as JSON>`. Says, a JSON line each: `opened` (or `refused`),
 * `begun`, `ended` (the act is acknowledged, or refused), `counted`, and `closed`; one that waits says `served` for every
 * PID and `ready`, then obeys lines of steps with `ended` each, and closes at the end of its input.
 */
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { createRunner, toFault } from '../../../../src/index.js';
import type { RawImage, Runner, RunnerOptions } from '../../../../src/index.js';
import type { Job, Step } from './job.js';
import { begin, end } from './kill-switch.js';
import { perform } from './perform.js';
import { say } from './say.js';

/** What an operation sets going beyond its own end, the block of the trace among it, belongs to it. */
const SETTLE_MS = 150;
const IMAGE: RawImage = { width: 16, height: 8, channels: 1, data: new Uint8Array(128) };

const job = JSON.parse(process.argv[2] ?? '') as Job;

function options({ store, images, python }: Job): RunnerOptions {
  return {
    store,
    interpreters: [python],
    scanIntervalMs: 0,
    images: { folder: images, segments: 2 },
    timings: { helloMs: 15_000, pingIntervalMs: 60_000, terminateMs: 300 },
    actor: 'crash',
  };
}

/** Images, in the folders of processes that begin as well; the lock of the folder is none. */
const segmentsIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(npy|bin)$/.test(path));

async function open(): Promise<Runner | null> {
  try {
    const runner = await createRunner(options(job));
    const { problems, images } = runner;
    say({ at: 'opened', problems, segments: segmentsIn(images.folder), routes: runner.list().routes });
    return runner;
  } catch (error) {
    say({ at: 'refused', fault: toFault(error) });
    return null;
  }
}

async function serve(runner: Runner, pid: string): Promise<void> {
  try {
    const { status } = await runner.detect({ pid, image: IMAGE });
    say({ at: 'served', pid, release: runner.routeOf(pid), status, fault: null });
  } catch (error) {
    say({ at: 'served', pid, release: null, status: 'ERROR', fault: toFault(error) });
  }
}

/** A step that prepares must not fail: what follows would prove nothing. */
async function prepare(runner: Runner, step: Step): Promise<void> {
  const { fault } = await perform(runner, step);
  if (fault !== null) throw new Error(`${step.do} failed: ${fault.code} ${fault.message}`);
}

async function act(runner: Runner, step: Step): Promise<void> {
  begin();
  say({ at: 'begun' });
  say({ at: 'ended', ...(await perform(runner, step)) });
  await delay(SETTLE_MS);
  say({ at: 'counted', counts: end() });
}

async function obey(runner: Runner): Promise<void> {
  for (const { pid } of runner.list().routes) await serve(runner, pid);
  say({ at: 'ready', counts: end() });
  for await (const line of createInterface({ input: process.stdin })) {
    say({ at: 'ended', ...(await perform(runner, JSON.parse(line) as Step)) });
  }
}

const runner = await open();
if (runner !== null) {
  for (const step of job.before) await prepare(runner, step);
  for (const pid of job.warm) await serve(runner, pid);
  if (job.act !== null) await act(runner, job.act);
  if (job.waits) await obey(runner);
  await runner.close();
  say({ at: 'closed' });
}
