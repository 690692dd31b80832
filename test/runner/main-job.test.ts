import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageProject } from '../../src/api/package.js';
import { readTrace } from '../../src/api/trace.js';
import { storeLayout } from '../../src/index.js';
import { readStore } from '../../src/runner/status/read-store.js';
import type { TraceRecord } from '../../src/api/trace.js';
import type { CallResult, Installed, Progress, Runner } from '../../src/index.js';
import { algorithmOf, census } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { fileOf, SDK_WHEEL } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
const EYES = 'eyes@1.2.0';
let runner: Runner;
let zip = '';
let installed: Installed;
const progress: Progress[] = [];

/** A source project as an author has it: the algorithm, its manifest, and no requirements but the SDK. */
function project(): string {
  const folder = scratchFolder();
  const algorithm = fileURLToPath(new URL('../fixtures/packages/eyes.py', import.meta.url));
  const params = [{ key: 'do', type: 'string', default: 'OK' }];
  const steps = [
    { index: 1, name: 'look', params },
    { index: 2, name: 'judge', params },
  ];
  const manifest = { name: 'eyes', version: '1.2.0', entry_point: 'eyes:Eyes', supported_pids: ['A01', 'A02'], steps };
  copyFileSync(algorithm, join(folder, 'eyes.py'));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'requirements.txt'), '');
  return folder;
}

beforeAll(async () => {
  const sdkWheel = fileOf(SDK_WHEEL.bytes, SDK_WHEEL.file);
  const options = { output: scratchFolder(), sdkWheel, skipDownload: true, offline: true };
  ({ zip } = await packageProject(project(), options));
  runner = await openRunner({ store, actor: 'eva' });
  installed = await runner.install(zip, { onProgress: (step) => progress.push(step) });
  await runner.activate(EYES, ['A01', 'A02']);
});

const viewOf = (key: string) => runner.list().releases.find(({ release }) => release === key);
const seenIn = (call: CallResult | null | undefined): Record<string, unknown> => {
  if (call?.status !== 'OK') throw new Error(JSON.stringify(call));
  return call.data['seen'] as Record<string, unknown>;
};

describe('from an offline zip to a verdict', () => {
  test('an install goes from the zip to Running, and tells how far it is', () => {
    expect(installed).toMatchObject({ release: EYES, state: 'Running', report: { ok: true } });
    const stages = [...new Set(progress.map(({ stage }) => stage))];
    expect(stages).toEqual(['validating', 'extracting', 'environment', 'installing', 'registering']);
    for (const stage of stages) {
      const percents = progress.filter((one) => one.stage === stage).map(({ percent }) => percent);
      expect(percents, stage).toEqual([...percents].sort((a, b) => a - b));
      expect(percents.at(-1), stage).toBe(100);
    }
  });

  test('the registry says what is where, and the zip is kept read-only', async () => {
    const [view, ...more] = (await readStore(store)).releases;
    expect(more).toEqual([]);
    expect(view).toMatchObject({
      release: EYES,
      state: 'Deployed',
      wanted: 'running',
      supportedPids: ['A01', 'A02'],
      routedPids: ['A01', 'A02'],
      zip: 'eyes-v1.2.0-offline.zip',
    });
    expect(readFileSync(layout.zip('eyes-v1.2.0-offline.zip'))).toEqual(readFileSync(zip));
  });

  test('a detection runs every step with pre and execute, and gives one verdict', async () => {
    const detection = await runner.detect({ pid: 'A01', image: IMAGE });
    expect(detection).toMatchObject({
      status: 'OK',
      verdict: 'OK',
      ngReason: null,
      pid: 'A01',
      release: EYES,
      fault: null,
    });
    expect(detection.steps.map(({ stepIndex, name }) => ({ stepIndex, name }))).toEqual([
      { stepIndex: 1, name: 'look' },
      { stepIndex: 2, name: 'judge' },
    ]);
    for (const { pre, execute } of detection.steps) {
      expect(pre).toMatchObject({ status: 'OK', verdict: null, calibrationRects: [{ label: 'scratch' }] });
      expect(execute).toMatchObject({ status: 'OK', verdict: 'OK', debug: { model_version: '7' } });
      expect(seenIn(execute)['shape']).toEqual([8, 16, 3]);
    }
  });

  test('a bad product is NG with reason and rectangles, although every call worked', async () => {
    const detection = await runner.detect({ pid: 'A02', image: IMAGE, params: { 2: { do: 'NG' } } });
    expect(detection).toMatchObject({ status: 'OK', verdict: 'NG', ngReason: 'scratched' });
    expect(detection.steps[1]?.execute).toMatchObject({
      verdict: 'NG',
      defectRects: [{ label: 'scratch', score: 0.9 }],
    });
  });

  test('steps without a verdict give none, never OK', async () => {
    const params = { 1: { do: 'no verdict' }, 2: { do: 'no verdict' } };
    expect(await runner.detect({ pid: 'A01', image: IMAGE, params })).toMatchObject({ status: 'OK', verdict: null });
  });

  test('a pre that answers ERROR ends the detection: its execute is not called, nor is the next step', async () => {
    const detection = await runner.detect({ pid: 'A01', image: IMAGE, params: { 1: { do: 'refuse in pre' } } });
    expect(detection).toMatchObject({ status: 'ERROR', verdict: null, fault: { code: '3010' } });
    expect(detection.steps).toHaveLength(1);
    expect(detection.steps[0]).toMatchObject({ pre: { status: 'ERROR', errorCode: '1002' }, execute: null });
  });

  test.each([
    ['raise', '9999', 'ValueError'],
    ['ProgramError', '9999', 'ProgramError'],
    ['GPUOutOfMemoryError', '1004', 'GPUOutOfMemoryError'],
    ['RecoverableError', null, 'RecoverableError'],
  ])(
    'an algorithm that raises (%s) is an error of the call with its code and class, and serves on',
    async (what, code, name) => {
      const osPid = algorithmOf(layout, EYES);
      const { steps, ...detection } = await runner.detect({ pid: 'A01', image: IMAGE, params: { 1: { do: what } } });
      expect(detection).toMatchObject({ status: 'ERROR', verdict: null });
      expect(steps[0]?.execute).toMatchObject({
        outcome: 'error',
        errorClass: name,
        ...(code !== null && { errorCode: code }),
      });
      expect(algorithmOf(layout, EYES)).toBe(osPid);
    },
  );

  test('FatalError replaces the process', async () => {
    const osPid = algorithmOf(layout, EYES);
    const detection = await runner.detect({ pid: 'A01', image: IMAGE, params: { 1: { do: 'FatalError' } } });
    expect(detection.steps[0]?.execute).toMatchObject({ outcome: 'error', errorClass: 'FatalError' });
    expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ verdict: 'OK' });
    expect(algorithmOf(layout, EYES)).not.toBe(osPid);
  });
});

describe('what was done is written down', () => {
  test('the audit trail says who did what, when, with which outcome', () => {
    const trail = readFileSync(layout.audit, 'utf8').trimEnd().split('\n');
    const records = trail.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records).toEqual([
      expect.objectContaining({ who: 'eva', what: 'install', outcome: 'done' }),
      expect.objectContaining({
        who: 'eva',
        what: 'activate',
        subject: 'A01,A02',
        outcome: 'done',
        details: expect.objectContaining({ pids: ['A01', 'A02'], release: EYES }) as object,
      }),
    ]);
  });

  test('the log of the release has what the algorithm said, with its flow and PID', async () => {
    const { flowId } = await runner.detect({ pid: 'A02', image: IMAGE, params: { 1: { do: 'raise' } } });
    const said = (): unknown[] =>
      readFileSync(join(layout.releaseLogs('eyes', '1.2.0'), 'algorithm.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
    const line = { level: 'error', release: EYES, session_id: flowId, pid: 'A02' };
    const fields = expect.objectContaining({ error_class: 'ValueError' }) as object;
    // Its standard error may come a moment after its answer.
    await expect.poll(said, { timeout: 5_000 }).toContainEqual(expect.objectContaining({ ...line, fields }));
  });
});

describe('to its end', () => {
  test('deactivate, stop, start, stop, uninstall: each is where it says', async () => {
    await runner.deactivate(['A01', 'A02']);
    expect(() => runner.routeOf('A01')).toThrow(expect.objectContaining({ code: '1001' }));
    await runner.stop(EYES);
    expect(viewOf(EYES)).toMatchObject({ state: 'Stopped', wanted: 'stopped', reason: null });
    await runner.start(EYES);
    expect(viewOf(EYES)).toMatchObject({ state: 'Running', wanted: 'running' });
    await runner.stop(EYES);
    await runner.uninstall(EYES);
    expect(runner.list()).toEqual({ releases: [], routes: [] });
    expect(census(runner, layout)).toMatchObject({
      staging: [],
      deployed: [],
      temporary: [],
      processes: [],
      leased: 0,
    });
  });

  test('its trace shows the release walking all seven states, every process its own, and is sound', async () => {
    const bad = fileOf('no zip', 'eyes-v9-offline.zip');
    await runner.install(bad).catch(() => undefined);
    const { traceFile } = runner;
    await runner.close();
    const records: TraceRecord[] = [];
    for await (const record of readTrace(traceFile ?? '')) records.push(record);
    const statesOf = (actor: RegExp) =>
      records.filter((record) => actor.test(record.actor)).map(({ after }) => after.split('.')[0]);
    expect(new Set(statesOf(/^package\/[^/]+$/))).toEqual(
      new Set(['Discovered', 'Validated', 'Deployed', 'Running', 'Executing', 'Stopped', 'Invalid', 'Gone']),
    );
    expect(statesOf(/^package\/eyes@1\.2\.0\/process\/1$/)).toEqual(
      expect.arrayContaining(['Starting', 'Confirming', 'Running', 'Executing', 'Stopping', 'Stopped']),
    );
    expect(statesOf(/^route\/A01$/)).toEqual(expect.arrayContaining(['Unbound', 'Switching', 'Serving', 'Unbinding']));
    expect(statesOf(/^changeover\/A01$/)).toEqual(
      expect.arrayContaining(['Preparing', 'Preheating', 'Committing', 'Committed']),
    );
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_record, i) => i + 1));
  });

  test('after close nothing of the Runner is left, and everything it is asked is refused', async () => {
    expect(census(runner, layout)).toMatchObject({ temporary: [], processes: [], leased: 0 });
    expect(census(runner, layout).files).toEqual(['/dev/null']);
    for (const work of [
      () => runner.install(zip),
      () => runner.start(EYES),
      () => runner.activate(EYES, ['A01']),
      () => runner.detect({ pid: 'A01', image: IMAGE }),
      () => runner.scan(),
    ])
      await expect((async () => work())()).rejects.toMatchObject({ code: '3021' });
    await runner.close();
  });
});
