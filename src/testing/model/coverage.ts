import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { Stepper } from '../../stepping/stepper.js';
import type { Step } from '../../stepping/stepper.js';

/**
 * Which of the transitions the machines define were taken.
 *
 * A transition goes by `package Running.Ready · call.requested → Executing.Serving`: the machine, the state that
 * defines it (`*` for the root), the event, its guard in brackets, and where it leads (nowhere when it stays).
 */
export class Coverage {
  readonly #names = new Map<AnyTransitionDefinition, string>();
  readonly #counts = new Map<string, number>();

  constructor(machines: readonly AnyStateMachine[]) {
    for (const machine of machines)
      for (const transition of transitionsOf(Stepper.of(machine).machine.root)) {
        const name = transitionName(transition);
        if (this.#counts.has(name)) throw new Error(`two transitions go by the name "${name}"`);
        this.#names.set(transition, name);
        this.#counts.set(name, 0);
      }
  }

  add({ taken }: Pick<Step, 'taken'>): void {
    for (const transition of taken) {
      const name = this.#names.get(transition);
      if (name !== undefined) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    }
  }

  /** How often each was taken. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  get all(): readonly string[] {
    return [...this.#counts.keys()];
  }

  get neverTaken(): readonly string[] {
    return [...this.#counts].flatMap(([name, count]) => (count === 0 ? [name] : []));
  }

  /** `package 120/123, process 60/60`. */
  get summary(): string {
    const machines = new Map<string, { taken: number; all: number }>();
    for (const [name, count] of this.#counts) {
      const [machine = ''] = name.split(' ');
      const { taken, all } = machines.get(machine) ?? { taken: 0, all: 0 };
      machines.set(machine, { taken: taken + (count > 0 ? 1 : 0), all: all + 1 });
    }
    return [...machines].map(([machine, { taken, all }]) => `${machine} ${taken}/${all}`).join(', ');
  }
}

function transitionsOf(node: AnyStateNode): readonly AnyTransitionDefinition[] {
  const own = [...node.transitions.values()].flat();
  return [...own, ...(node.always ?? []), ...Object.values(node.states).flatMap((child) => transitionsOf(child))];
}

/** The name a transition goes by, as above. */
export function transitionName({ source, eventType, guard, target }: AnyTransitionDefinition): string {
  const where = (node: AnyStateNode): string => node.path.join('.') || '*';
  const judged = guard === undefined ? '' : ` [${guardName(guard)}]`;
  const led = target?.[0] === undefined ? '' : ` → ${where(target[0])}`;
  return `${source.machine.id} ${where(source)} · ${eventName(eventType as string)}${judged}${led}`;
}

function guardName(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  const { type, params } = guard as { type: string; params?: Record<string, unknown> };
  return [type, ...Object.values(params ?? {}).map(String)].join(' ');
}

function eventName(type: string): string {
  if (type === '') return 'always';
  const [, done] = /^xstate\.done\.actor\.(.+)$/.exec(type) ?? [];
  if (done !== undefined) return `${done} done`;
  const [, failed] = /^xstate\.error\.actor\.(.+)$/.exec(type) ?? [];
  if (failed !== undefined) return `${failed} failed`;
  const [, delay] = /^xstate\.after\.([^.]+)\./.exec(type) ?? [];
  return delay === undefined ? type : `after ${delay}`;
}
