import type * as fs from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { nextInRun, whyActor, whyInRun } from '../../src/causes/index.js';
import { filesOfRun, standingsOf, walkRun } from '../../src/trace/index.js';
import { eventually } from '../support/eventually.js';
import { servingPackage } from './support/serving-package.js';
import { recorderIn, scratchFolder } from './support/traces.js';

const disk = vi.hoisted(() => ({ full: false }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  const refuse = (): void => {
    if (disk.full) throw Object.assign(new Error('ENOSPC: injected'), { code: 'ENOSPC' });
  };
  return {
    ...real,
    openSync: (...args: Parameters<typeof fs.openSync>) => (refuse(), real.openSync(...args)),
    writeSync: (descriptor: number, bytes: Uint8Array, at?: number) => (
      refuse(),
      real.writeSync(descriptor, bytes, at)
    ),
  };
});

const RELEASE = 'screw-check@1.0.0';
type Serving = Awaited<ReturnType<typeof servingPackage>>;

const stopAsked = ({ release }: Serving): void => release.send({ type: 'package.stop', operationId: 2 } as never);

/** A release that serves a call before, something that the disk does not take, and something after. */
async function runWithGap(inGap: (serving: Serving) => void, after: (serving: Serving) => void) {
  const recorder = recorderIn(scratchFolder());
  const serving = await servingPackage(recorder);
  recorder.survey((atUs) => standingsOf(serving.release, atUs));
  serving.call(1);
  recorder.flush();
  const first = recorder.file();
  disk.full = true;
  serving.call(2);
  recorder.flush();
  inGap(serving);
  disk.full = false;
  await eventually(() => expect(recorder.file()).not.toBe(first));
  after(serving);
  recorder.survey(null);
  recorder.close();
  return { file: first, files: await filesOfRun(first) };
}

/** Both ways to ask, and that of a long run. */
async function answers(files: readonly string[], file: string, actor: string) {
  const whole = await whyActor(walkRun(file), actor);
  expect(await whyInRun(files, actor)).toEqual(whole);
  expect(await whyInRun(files, actor, { wholeBytesMax: 0 })).toEqual(whole);
  return whole;
}

describe('why, of a run with a gap', () => {
  test('says that what led there is missing where it came in the gap', async () => {
    const { files, file } = await runWithGap(stopAsked, () => undefined);
    const { state, gap, isCut, links } = await answers(files, file, RELEASE);
    expect({ state, isCut }).toEqual({ state: 'Running.Stopping', isCut: false });
    expect(gap).toMatchObject({ hides: 'cause', reason: 'ENOSPC: injected' });
    expect(gap?.missing).toBeGreaterThan(4);
    expect(links.map(({ record }) => record.event)).toEqual(['trace.standing']);
  });

  test('says so, too, where what led there lies before the gap', async () => {
    const { files, file } = await runWithGap(
      () => undefined,
      ({ call }) => call(3),
    );
    const { state, gap } = await answers(files, file, RELEASE);
    expect({ state, hides: gap?.hides }).toEqual({ state: 'Running', hides: 'cause' });
  });

  test('says nothing of it where all that led there came after', async () => {
    const { files, file } = await runWithGap(() => undefined, stopAsked);
    const { state, gap, isCut, links } = await answers(files, file, RELEASE);
    expect({ state, gap, isCut }).toEqual({ state: 'Running.Stopping', gap: null, isCut: false });
    expect(links.map(({ record }) => record.event)).toEqual(['package.stop']);
  });

  test('says that what became of it is missing where its end is', async () => {
    const { files, file } = await runWithGap(
      ({ stop }) => stop(),
      () => undefined,
    );
    const { state, gap, hasEnded, links } = await answers(files, file, RELEASE);
    expect({ state, hasEnded, hides: gap?.hides }).toEqual({ state: 'Running', hasEnded: false, hides: 'present' });
    expect(links.at(-1)?.record.event).toBe('process.ready');
  });
});

test('what next is told from where everybody stood after a gap', async () => {
  const { files } = await runWithGap(stopAsked, () => undefined);
  expect(await nextInRun(files, RELEASE)).toMatchObject({ state: 'Running.Stopping', hasEnded: false });
});
