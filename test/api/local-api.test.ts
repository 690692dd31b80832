import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiOf } from '../../src/api/local-api.js';
import type { LocalApi } from '../../src/api/local-api.js';
import type { ChangeStep } from '../../src/api/results.js';
import type { OperationUnderWay } from '../../src/api/runner-api.js';
import { operationWire, wireOperation } from '../../src/api/wire/operation.js';
import { processWire, wireProcess } from '../../src/api/wire/process.js';
import { scratchFolder } from '../runner/support/folders.js';
import { rogueZip } from '../runner/support/packages.js';
import { IMAGE, openRunner } from '../runner/support/runners.js';

const store = join(scratchFolder(), 'store');
let api: LocalApi;

beforeAll(async () => {
  api = apiOf(await openRunner({ store }), store);
  await api.install(rogueZip({ name: 'good' }), { who: 'ada' });
  await api.install(rogueZip({ name: 'good', version: '2.0.0' }), { who: 'ada', target: 'Deployed' });
  await api.activate('good@1.0.0', ['A01'], { who: 'ben' });
});
afterAll(() => api.close());

describe('the interface on a Runner of this process', () => {
  it('tells the audit trail who asked for each command', async () => {
    await api.stop('good@1.0.0', { who: 'cleo', force: true });
    await api.start('good@1.0.0', { who: 'dan' });
    const told = (await api.history()).map(({ what, who }) => `${what} ${who}`);
    expect(told).toEqual(expect.arrayContaining(['install ada', 'activate ben', 'stop cleo', 'start dan']));
  });

  it.each([
    ['', 'nothing'],
    ['  ', 'blanks'],
    ['x'.repeat(201), 'too much'],
    ['a\nb', 'two lines'],
    ['\0', 'NUL'],
  ])('takes %j (%s) for nobody who asks', async (who) => {
    await expect(api.confirm(['A01'], { who })).rejects.toMatchObject({ faultName: 'invalid_usage' });
  });

  it('lists the processes of a release', async () => {
    const [process] = await api.processes();
    expect(process).toMatchObject({ release: 'good@1.0.0', slot: 0 });
    expect(process === undefined ? null : processWire.parse(wireProcess(process)).release).toBe('good@1.0.0');
  });

  it('lists a change of routes while it is under way, and calls it off', async () => {
    const seen: OperationUnderWay[] = [];
    const callOff = async (): Promise<void> => {
      for (const operation of await api.operations()) {
        seen.push(operation);
        await api.cancel(operation.id);
      }
    };
    let calledOff: Promise<void> | undefined;
    const onProgress = ({ stage }: ChangeStep): void => void (stage === 'Preheating' && (calledOff = callOff()));
    const change = api.switch(['A01'], 'good@2.0.0', { who: 'eve', onProgress });
    await expect(change).rejects.toMatchObject({ faultName: 'operation_cancelled' });
    await calledOff;
    expect(seen).toMatchObject([{ kind: 'switch', subject: 'A01', who: 'eve', canCancel: true }]);
    expect(seen.map((operation) => operationWire.parse(wireOperation(operation)).since)).toHaveLength(1);
    expect(await api.operations()).toEqual([]);
  });

  it('judges the package of a release that is Invalid again, and of no other', async () => {
    const bad = rogueZip({ name: 'bad' }, 'crashes_at_start');
    await expect(api.install(bad, { who: 'ada', target: 'Deployed' })).rejects.toBeDefined();
    const judged = (await api.list()).releases.find(({ release }) => release === 'bad@1.0.0');
    expect(judged?.state).toBe('Invalid');
    await expect(api.recheck('bad@1.0.0', { who: 'fay' })).rejects.toMatchObject({ code: judged?.reason?.code });
    expect((await api.history()).at(-1)).toMatchObject({ who: 'fay', subject: 'bad@1.0.0', outcome: 'failed' });
    await expect(api.recheck('good@2.0.0', { who: 'fay' })).rejects.toMatchObject({ faultName: 'operation_conflict' });
    await expect(api.recheck('other@1.0.0', { who: 'fay' })).rejects.toMatchObject({ faultName: 'release_not_found' });
  });

  it('detects, at once and in a flow', async () => {
    expect(await api.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ status: 'OK', release: 'good@1.0.0' });
    const flow = await api.openFlow({ pid: 'A01' });
    expect(await flow.step(1, { image: IMAGE })).toMatchObject({ stepIndex: 1 });
    flow.close();
  });

  it('fails asynchronously, wherever the Runner is', async () => {
    await expect(api.routeOf('A99')).rejects.toMatchObject({ faultName: 'invalid_pid' });
    await expect(api.cancel(99)).rejects.toMatchObject({
      faultName: 'operation_conflict',
      message: 'No operation 99 is under way.',
    });
  });
});
