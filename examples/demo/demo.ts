import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createRunner, RunnerError } from '../../src/index.js';
import type { Detection, Runner } from '../../src/index.js';
import { annotate } from './annotate.js';
import { switchAndReturn } from './changes.js';
import type { ChangesResult } from './changes.js';
import { EXAMPLES, OUTPUT } from './places.js';
import { makePackages, NAME } from './projects.js';
import { statesWalked, STATES } from './states.js';

/** One image, as the table and `--json` show it. Times in milliseconds. */
export interface Row {
  readonly image: string;
  readonly pid: string;
  readonly verdict: string;
  readonly expected: string;
  readonly reason: string | null;
  readonly latency_ms: number;
  readonly annotated: string | null;
}

export interface DemoResult extends ChangesResult {
  readonly detections: readonly Row[];
  readonly wrong: number;
  /** The broken package: its state and why. */
  readonly refused: {
    readonly release: string;
    readonly state: string;
    readonly code: string;
    readonly reason: string;
  };
  readonly states: Readonly<Record<string, readonly string[]>>;
  readonly statesMissing: readonly string[];
  readonly packages: readonly string[];
  readonly trace: string;
  readonly store: string;
  readonly isolation: string;
  readonly images: string;
}

interface Truth {
  readonly image: string;
  readonly pid: string;
  readonly expected: 'OK' | 'NG';
}

const IMAGES = join(EXAMPLES, 'images', NAME);

export async function runDemo(say: (stage: string) => void): Promise<DemoResult> {
  await rm(OUTPUT, { recursive: true, force: true });
  await mkdir(OUTPUT, { recursive: true });
  const store = join(OUTPUT, 'runtime_store');

  say('packaging two versions and one broken package');
  const { sound, flawed, broken } = await makePackages();
  const runner = await createRunner({ store, scanIntervalMs: 0, actor: 'demo' });
  try {
    say('installing the three packages');
    await runner.install(sound, { target: 'Deployed' });
    await runner.install(flawed, { target: 'Deployed' });
    const refused = await installBroken(runner, broken);

    const truth = JSON.parse(await readFile(join(IMAGES, 'truth.json'), 'utf8')) as Truth[];
    const pids = [...new Set(truth.map(({ pid }) => pid))];
    say(`binding ${pids.join(' and ')} to ${NAME}@1.0.0`);
    await runner.activate(`${NAME}@1.0.0`, pids);

    say(`inspecting ${truth.length} images`);
    const detections: Row[] = [];
    for (const { image, pid, expected } of truth) {
      const path = join(IMAGES, image);
      detections.push(await rowOf(path, expected, await runner.detect({ pid, image: path })));
    }

    say(`switching to ${NAME}@1.1.0, which fails on A02, and back`);
    const pictures = { A01: join(IMAGES, 'power-board-03.jpg'), A02: join(IMAGES, 'control-board-01.jpg') };
    const changes = await switchAndReturn(runner, `${NAME}@1.1.0`, pictures);

    say('stopping, starting, uninstalling');
    await runner.deactivate(pids);
    await runner.stop(`${NAME}@1.0.0`);
    await runner.start(`${NAME}@1.0.0`);
    await runner.stop(`${NAME}@1.0.0`);
    for (const version of ['1.0.0', '1.1.0']) await runner.uninstall(`${NAME}@${version}`);

    const trace = runner.traceFile ?? '';
    const { isolation, images } = runner;
    await runner.close();
    const states = await statesWalked(trace);
    const walked = new Set(Object.values(states).flat());
    return {
      detections,
      wrong: detections.filter(({ verdict, expected }) => verdict !== expected).length,
      refused,
      ...changes,
      states,
      statesMissing: STATES.filter((state) => !walked.has(state)),
      packages: [sound, flawed, broken].map(shown),
      trace: shown(trace),
      store: shown(store),
      isolation,
      images: images.folder,
    };
  } finally {
    await runner.close();
  }
}

async function installBroken(runner: Runner, zip: string): Promise<DemoResult['refused']> {
  try {
    await runner.install(zip);
  } catch (error) {
    if (!(error instanceof RunnerError)) throw error;
    const found = runner.list().releases.find(({ name }) => name === `${NAME}-broken`);
    return {
      release: found?.release ?? '',
      state: found?.state ?? 'gone',
      code: error.code,
      reason: error.message,
    };
  }
  throw new Error('the broken package was installed');
}

async function rowOf(path: string, expected: string, detection: Detection): Promise<Row> {
  const rects = detection.steps.flatMap(({ execute }) => (execute?.status === 'OK' ? execute.defectRects : []));
  const annotated = detection.verdict === 'NG' ? await annotate(path, rects) : null;
  return {
    image: relative(IMAGES, path),
    pid: detection.pid,
    verdict: detection.verdict ?? (detection.status === 'ERROR' ? 'ERROR' : 'none'),
    expected,
    reason: detection.fault?.message ?? detection.ngReason,
    latency_ms: Math.round(detection.latencyMs * 10) / 10,
    annotated: annotated === null ? null : shown(annotated),
  };
}

const shown = (path: string): string => relative(process.cwd(), path);
