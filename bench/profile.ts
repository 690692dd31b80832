/**
 * Where the time of a call goes: `node dist/bench/profile.js` runs calls without an image through a whole Runner under
 * V8's sampling profiler and adds up the samples by part of the program. Share of wall time; `(idle)` is the algorithm.
 */
import { Session } from 'node:inspector/promises';
import type { Profiler } from 'node:inspector';
import { partOf } from './report/part.js';
import { openPrepared, prepareStore } from './packages/prepared.js';
import { makePackage, PID } from './packages/project.js';
import { scratchFolder } from './experiments/workbench.js';
import { openWorkbench } from './open-workbench.js';

const WARM_UP = 8_000;
const CALLS = 20_000;
const SAMPLE_US = 100;
const FUNCTIONS_SHOWN = 25;

const { bench, close } = await openWorkbench({
  quick: false,
  rounds: null,
  nodeFlags: [],
  signal: new AbortController().signal,
});
try {
  const zip = await makePackage(bench, { name: 'bench-profile', version: '1.0.0', entry: 'trivial:Trivial' });
  const prepared = await prepareStore(scratchFolder(bench, 'profile'), zip, bench.python.executable, PID);
  const runner = await openPrepared(prepared);
  const flow = runner.openFlow({ pid: prepared.pid });
  for (let i = 0; i < WARM_UP; i++) await flow.execute(1);
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US });
  await session.post('Profiler.start');
  const beganMs = performance.now();
  for (let i = 0; i < CALLS; i++) await flow.execute(1);
  const tookMs = performance.now() - beganMs;
  const { profile } = await session.post('Profiler.stop');
  flow.close();
  await runner.close();
  process.stdout.write(summary(profile, (tookMs / CALLS) * 1000));
} finally {
  await close();
}

function summary({ nodes, samples = [] }: Profiler.Profile, callUs: number): string {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const id of samples) {
    const frame = byId.get(id);
    if (frame === undefined) continue;
    const part = partOf(frame);
    add(parts, part);
    if (!frame.functionName.startsWith('(')) add(functions, `${frame.functionName || '(anonymous)'} — ${part}`);
  }
  const rows = (counts: Map<string, number>, most: number): string[] =>
    [...counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, most)
      .map(([key, count]) => {
        const share = count / samples.length;
        return `${(share * 100).toFixed(1).padStart(5)} %  ${(share * callUs).toFixed(1).padStart(5)} µs  ${key}`;
      });
  return [
    `${callUs.toFixed(1)} µs a call (mean, under the profiler)`,
    ...rows(parts, Infinity),
    '',
    'functions, by their own time',
    ...rows(functions, FUNCTIONS_SHOWN),
    '',
  ].join('\n');
}
