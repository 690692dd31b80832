/**
 * Where the time of a call goes: `node dist/bench/profile.js` runs calls without an image through a whole Runner under
 * V8's sampling profiler and adds up, by part of the program, the samples in which Node had something to do. Not pinned:
 * on one core, what the algorithm does would be counted as ours.
 */
import { Session } from 'node:inspector/promises';
import type { Profiler } from 'node:inspector';
import { scratchFolder } from './experiments/workbench.js';
import { openWorkbench } from './open-workbench.js';
import { openPrepared, prepareStore } from './packages/prepared.js';
import { makePackage, PID } from './packages/project.js';
import { partOf } from './report/part.js';

const WARM_UP = 8_000;
const CALLS = 20_000;
const SAMPLE_US = 100;
const FUNCTIONS_SHOWN = 20;

const never = new AbortController().signal;
const { bench, close } = await openWorkbench({ quick: false, rounds: null, nodeFlags: [], signal: never });
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
  for (let i = 0; i < CALLS; i++) await flow.execute(1);
  const { profile } = await session.post('Profiler.stop');
  flow.close();
  await runner.close();
  process.stdout.write(summary(profile));
} finally {
  await close();
}

function summary({ nodes, samples = [] }: Profiler.Profile): string {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const frames = samples.flatMap((id) => byId.get(id) ?? []).filter(({ functionName }) => functionName !== '(idle)');
  const shares = (keyOf: (frame: (typeof frames)[number]) => string, most: number): string[] => {
    const counts = new Map<string, number>();
    for (const frame of frames) counts.set(keyOf(frame), (counts.get(keyOf(frame)) ?? 0) + 1);
    const rows = [...counts].sort(([, a], [, b]) => b - a).slice(0, most);
    return rows.map(([key, count]) => `${((count / frames.length) * 100).toFixed(1).padStart(5)} %  ${key}`);
  };
  return [
    `busy ${((frames.length / samples.length) * 100).toFixed(0)} % of the time; shares of that:`,
    ...shares(partOf, Infinity),
    '',
    'functions, by their own time',
    ...shares((frame) => `${frame.functionName || '(anonymous)'} — ${partOf(frame)}`, FUNCTIONS_SHOWN),
    '',
  ].join('\n');
}
