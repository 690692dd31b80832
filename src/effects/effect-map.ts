import { fromPromise } from 'xstate';
import type { PromiseActorLogic } from 'xstate';
import type { EffectName, Effects } from '../../machines/effects.js';
import type { ReleaseKey } from '../../machines/release.js';
import { toFault } from '../base/errors/index.js';

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

/**
 * Effects under way.
 *
 * INVARIANT: effects of one release never overlap. A machine that leaves a state aborts its effect and may ask for the
 * next one at once, but an aborted unpacking still writes for a moment: what removes its traces waits until it is over.
 */
export class PendingEffects {
  readonly #underWay = new Set<Promise<void>>();
  readonly #lastOf = new Map<ReleaseKey, Promise<void>>();

  get size(): number {
    return this.#underWay.size;
  }

  /** Begins at once, or when the effect of that release before it is over; not at all if it is aborted by then. */
  run<Output>(key: ReleaseKey | undefined, signal: AbortSignal, begin: () => Promise<Output>): Promise<Output> {
    const before = key === undefined ? undefined : this.#lastOf.get(key);
    const work =
      before === undefined
        ? begin()
        : before.then(() => {
            signal.throwIfAborted();
            return begin();
          });
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    this.#underWay.add(settled);
    if (key !== undefined) this.#lastOf.set(key, settled);
    void settled.then(() => {
      this.#underWay.delete(settled);
      if (key !== undefined && this.#lastOf.get(key) === settled) this.#lastOf.delete(key);
    });
    return work;
  }

  async allEnded(): Promise<void> {
    await Promise.all(this.#underWay);
  }
}

/**
 * An effect as the actor logic a machine invokes. A failure reaches the machine as a Fault, plain data, never as an
 * Error: traces hold it and replays compare it.
 */
export function toLogic<Name extends EffectName>(effects: EffectMap, name: Name, pending: PendingEffects) {
  return fromPromise<Effects[Name]['output'], Effects[Name]['input']>(({ input, signal }) => {
    const work = pending.run(keyOf(input), signal, () => effects[name](input, signal));
    return work.catch((error: unknown) => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- machines take faults, not Errors
      throw toFault(error);
    });
  });
}

const keyOf = (input: Effects[EffectName]['input']): ReleaseKey | undefined =>
  input !== undefined && 'key' in input ? input.key : undefined;

export function toLogics(effects: EffectMap, pending: PendingEffects): EffectLogics {
  const names = Object.keys(effects) as EffectName[];
  return Object.fromEntries(names.map((name) => [name, toLogic(effects, name, pending)])) as unknown as EffectLogics;
}
