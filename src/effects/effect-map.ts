import { fromPromise } from 'xstate';
import type { PromiseActorLogic } from 'xstate';
import type { EffectName, Effects } from '../../machines/effects.js';
import { toFault } from '../errors/index.js';

/** Every effect the machines declare, exactly once: a missing or a superfluous one does not compile. */
export type EffectMap = {
  readonly [Name in EffectName]: (
    input: Effects[Name]['input'],
    signal: AbortSignal,
  ) => Promise<Effects[Name]['output']>;
};

/** The same as actor logic: what the machines are provided with. */
export type EffectLogics = {
  readonly [Name in EffectName]: PromiseActorLogic<Effects[Name]['output'], Effects[Name]['input']>;
};

/** Effects under way, so that a Runner that closes can wait for them. */
export type PendingEffects = Set<Promise<unknown>>;

/**
 * An effect as the actor logic a machine invokes. A failure reaches the machine as a Fault, plain data, never as an
 * Error: traces hold it and replays compare it.
 */
export function toLogic<Name extends EffectName>(effects: EffectMap, name: Name, pending: PendingEffects) {
  return fromPromise<Effects[Name]['output'], Effects[Name]['input']>(({ input, signal }) => {
    const work = effects[name](input, signal).catch((error: unknown) => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- machines take faults, not Errors
      throw toFault(error);
    });
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    pending.add(settled);
    void settled.then(() => pending.delete(settled));
    return work;
  });
}

export function toLogics(effects: EffectMap, pending: PendingEffects): EffectLogics {
  const names = Object.keys(effects) as EffectName[];
  return Object.fromEntries(names.map((name) => [name, toLogic(effects, name, pending)])) as unknown as EffectLogics;
}
