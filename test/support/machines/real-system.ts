import { createActor } from 'xstate';
import type { AnyActorLogic, AnyActorRef, AnyEventObject, AnyMachineSnapshot } from 'xstate';
import { packageMachine, processMachine, routeMachine, runnerMachine } from '../../../machines/index.js';
import type { RunnerInput } from '../../../machines/index.js';
import { stateOf } from './stepper.js';

/**
 * The machines run by XState itself, with scripted effects and a clock that moves when told: what the pure composition
 * must equal, delivery by delivery.
 */
export interface Told {
  readonly path: string;
  readonly event: AnyEventObject;
}

type Answer = { type: 'answer.done'; output: unknown } | { type: 'answer.failed'; error: unknown };

interface ScriptedSnapshot {
  readonly status: 'active' | 'done' | 'error';
  readonly output: unknown;
  readonly error: unknown;
}

/** An effect that answers when it is told what. */
const answering = {
  getInitialSnapshot: (): ScriptedSnapshot => ({ status: 'active', output: undefined, error: undefined }),
  transition: (snapshot: ScriptedSnapshot, event: Answer): ScriptedSnapshot => {
    if (event.type === 'answer.done') return { ...snapshot, status: 'done', output: event.output };
    if (event.type === 'answer.failed') return { ...snapshot, status: 'error', error: event.error };
    return snapshot;
  },
  getPersistedSnapshot: (snapshot: ScriptedSnapshot) => snapshot,
} as unknown as AnyActorLogic;

const effectsOf = (machine: { implementations: { actors: object } }, kept: readonly string[]) =>
  Object.fromEntries(
    Object.keys(machine.implementations.actors).flatMap((name) => (kept.includes(name) ? [] : [[name, answering]])),
  ) as Record<string, never>;

interface ArmedTimer {
  readonly dueMs: number;
  readonly fire: () => void;
}

export class RealSystem {
  readonly emitted: Told[] = [];
  readonly commands: Told[] = [];
  nowMs = 0;
  readonly #root: AnyActorRef;
  readonly #timers = new Map<number, ArmedTimer>();
  #lastTimer = 0;

  constructor(input: RunnerInput) {
    const osProcess = {
      ...answering,
      transition: (snapshot: ScriptedSnapshot, event: AnyEventObject, scope: { self: AnyActorRef }) => {
        if (!event.type.startsWith('xstate.')) this.commands.push({ path: pathOf(scope.self), event });
        return snapshot;
      },
    } as unknown as AnyActorLogic;
    const process = processMachine.provide({ actors: { runOsProcess: osProcess as never } });
    const pack = packageMachine.provide({ actors: { ...effectsOf(packageMachine, ['process']), process } });
    const route = routeMachine.provide({ actors: effectsOf(routeMachine, []) });
    const runner = runnerMachine.provide({
      actors: { ...effectsOf(runnerMachine, ['package', 'route']), package: pack, route },
    });
    const actor = createActor(runner, {
      input,
      id: 'runner',
      clock: {
        setTimeout: (fire: () => void, ms: number) => this.#arm(fire, ms),
        clearTimeout: (id: number) => this.#timers.delete(id),
      } as never,
      inspect: (note) => {
        if (note.type !== '@xstate.actor') return;
        const born = note.actorRef as AnyActorRef;
        const path = pathOf(born);
        (born as { on?: AnyActorRef['on'] }).on?.('*', (event: AnyEventObject) => this.emitted.push({ path, event }));
      },
    });
    this.#root = actor as unknown as AnyActorRef;
    actor.start();
  }

  /** Every machine by its path, with its state and context. */
  get states(): Readonly<Record<string, { state: string; context: unknown }>> {
    const below = (ref: AnyActorRef): readonly [string, { state: string; context: unknown }][] => {
      const snapshot = ref.getSnapshot() as AnyMachineSnapshot;
      if (!('value' in snapshot) || (snapshot.status !== 'active' && ref !== this.#root)) return [];
      const here = [pathOf(ref), { state: stateOf(snapshot), context: snapshot.context as unknown }] as const;
      return [[...here], ...Object.values(snapshot.children).flatMap((child) => below(child as AnyActorRef))];
    };
    return Object.fromEntries(below(this.#root));
  }

  get timersDueMs(): readonly number[] {
    return [...this.#timers.values()].map(({ dueMs }) => dueMs).toSorted((a, b) => a - b);
  }

  send(path: string, event: AnyEventObject): void {
    this.#find(path).send(event);
  }

  answer(path: string, answer: Answer): void {
    this.#find(path).send(answer);
  }

  /** The timer due first fires, the one armed first among equals. */
  fireFirst(): void {
    const [first] = [...this.#timers].toSorted(([, a], [, b]) => a.dueMs - b.dueMs);
    if (first === undefined) throw new Error('no timer is armed');
    const [id, { dueMs, fire }] = first;
    this.#timers.delete(id);
    this.nowMs = Math.max(this.nowMs, dueMs);
    fire();
  }

  #arm(fire: () => void, ms: number): number {
    this.#timers.set(++this.#lastTimer, { dueMs: this.nowMs + ms, fire });
    return this.#lastTimer;
  }

  #find(path: string): AnyActorRef {
    const below = (ref: AnyActorRef): AnyActorRef | undefined => {
      if (pathOf(ref) === path) return ref;
      const snapshot = ref.getSnapshot() as Partial<AnyMachineSnapshot>;
      for (const child of Object.values(snapshot.children ?? {})) {
        const found = below(child as AnyActorRef);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    const found = below(this.#root);
    if (found === undefined) throw new Error(`the real system has no actor "${path}"`);
    return found;
  }
}

function pathOf(ref: AnyActorRef): string {
  const parent = (ref as unknown as { _parent?: AnyActorRef })._parent;
  if (parent === undefined) return ref.id;
  const above = pathOf(parent);
  return (parent as unknown as { _parent?: AnyActorRef })._parent === undefined ? ref.id : `${above}/${ref.id}`;
}
