import { describe, expect, test } from 'vitest';
import { createActor, toPromise } from 'xstate';
import { PendingEffects, toLogic } from '../../src/effects/index.js';
import type { EffectMap } from '../../src/effects/index.js';
import { RunnerError } from '../../src/base/errors/index.js';

/** `discardDeployment` as a machine would run it. */
function runEffect(discardDeployment: EffectMap['discardDeployment']) {
  const pending = new PendingEffects();
  const logic = toLogic({ discardDeployment } as EffectMap, 'discardDeployment', pending);
  const actor = createActor(logic, { input: { key: 'stub@1.0.0' } });
  actor.subscribe({ error: () => undefined });
  return { actor, pending, outcome: toPromise(actor.start()) };
}

describe('an effect', () => {
  test('is given its input and a signal that ends with its actor', async () => {
    let given: unknown;
    const { actor } = runEffect((input, signal) => {
      given = { input, aborted: () => signal.aborted };
      return new Promise(() => undefined);
    });
    await Promise.resolve();
    actor.stop();
    expect(given).toMatchObject({ input: { key: 'stub@1.0.0' } });
    expect((given as { aborted(): boolean }).aborted()).toBe(true);
  });

  test('fails with a fault, plain data, never with an Error', async () => {
    const { outcome } = runEffect(() => Promise.reject(new RunnerError('store_io_failed', 'no room')));
    const fault: unknown = await outcome.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(fault).not.toBeInstanceOf(Error);
    expect(JSON.parse(JSON.stringify(fault))).toEqual(fault);
    expect(fault).toMatchObject({ code: '3019', name: 'store_io_failed', message: 'no room' });
  });

  test('that fails for no reason of ours is 9999', async () => {
    const { outcome } = runEffect(() => Promise.reject(new TypeError('x is not a function')));
    await expect(outcome).rejects.toMatchObject({ code: '9999', message: 'x is not a function' });
  });

  test('is pending until it is done, also when nobody waits for it any more', async () => {
    let finish = (): void => undefined;
    const { actor, pending } = runEffect(() => new Promise<void>((resolve) => (finish = resolve)));
    expect(pending.size).toBe(1);
    actor.stop();
    expect(pending.size).toBe(1);
    finish();
    await pending.allEnded();
    await Promise.resolve();
    expect(pending.size).toBe(0);
  });

  test('of a release begins when the one before has ended, aborted or not, and not at all if it is aborted by then', async () => {
    const order: string[] = [];
    const finishers: (() => void)[] = [];
    const pending = new PendingEffects();
    const logic = toLogic(
      {
        discardDeployment: ({ key }: { key: string }) => {
          order.push(`begin ${key}`);
          return new Promise<void>((resolve) => finishers.push(resolve));
        },
      } as unknown as EffectMap,
      'discardDeployment',
      pending,
    );
    const run = (key: string) => createActor(logic, { input: { key: key } }).start();
    run('stub@1.0.0').stop();
    run('stub@1.0.0').stop();
    run('stub@1.0.0');
    run('stub@2.0.0');
    expect(order).toEqual(['begin stub@1.0.0', 'begin stub@2.0.0']);
    finishers[0]?.();
    await expect.poll(() => order.length).toBe(3);
    expect(order[2]).toBe('begin stub@1.0.0');
    for (const finish of finishers) finish();
    await pending.allEnded();
    expect(pending.size).toBe(0);
  });
});
