import type { AnyMachineSnapshot } from 'xstate';
import type { Delivery, MachineNode } from '../../../src/testing/model/index.js';
import { stateOf } from '../../../src/stepping/index.js';

/** The rows of contract §2, in its words; each has a test of its own. */
export const ROWS = [
  '(zip appears in zips/, or is uploaded) · discovered → Discovered',
  'Discovered · validation passed → Validated',
  'Discovered · validation failed → Invalid',
  'Validated · extracted, environment built, wheels installed, probed, registered → Deployed',
  'Validated · any of that failed → Invalid',
  'Deployed, Stopped · start: process up, handshake done, get_info agrees → Running',
  'Deployed, Stopped · start failed, restarts used up → Stopped, with the fault',
  'Running · call dispatched → Executing',
  'Executing · result, error or timeout settled → Running',
  'Running, Executing · stop (drains first) → Stopped',
  'Running, Executing · last process lost → Running.Restarting; Stopped with the fault once the policy gives up',
  'Invalid · recheck / discard → Discovered / gone',
  'Deployed, Stopped · uninstall → gone',
] as const;
export type Row = (typeof ROWS)[number];
/** What is tried of a row, by a sentence each. */
export type Cases = Partial<Record<Row, Readonly<Record<string, () => void>>>>;

/** The single arrows those rows are made of. */
export const ARROWS = [
  'nothing → Discovered',
  'Discovered → Validated',
  'Discovered → Invalid',
  'Validated → Deployed',
  'Validated → Invalid',
  'Deployed → Running',
  'Stopped → Running',
  'Deployed → Stopped, start failed',
  'Stopped → Stopped, start failed',
  'Running → Executing',
  'Executing → Running, result',
  'Executing → Running, error',
  'Executing → Running, timed_out',
  'Running → Stopped, asked',
  'Executing → Stopped, asked',
  'Running → Running.Restarting',
  'Executing → Running.Restarting',
  'Running.Restarting → Running',
  'Running → Stopped, given up',
  'Executing → Stopped, given up',
  'Invalid → Discovered',
  'Invalid → gone',
  'Deployed → gone',
  'Stopped → gone',
] as const;
export type Arrow = (typeof ARROWS)[number];

const top = (state: string): string => state.split('.')[0] ?? '';
const at = (snapshot: AnyMachineSnapshot | null): string => (snapshot === null ? 'nothing' : stateOf(snapshot));

/** Watches packages and notes which arrows of the lifecycle they took. */
export class Lifecycle {
  readonly taken = new Set<Arrow>();
  /** Where each package was when it began to stop, and whether somebody asked. */
  readonly #stopping = new Map<MachineNode, { from: string; asked: boolean }>();

  see({ node, before, event, step }: Delivery): void {
    if (node.stepper.machine.id !== 'package') return;
    const [from, to] = [at(before), at(step.snapshot)];
    if (from === to) return;
    if (/Draining|Stopping/.test(to) && !this.#stopping.has(node))
      this.#stopping.set(node, { from: top(from), asked: event.type === 'package.stop' });
    for (const arrow of this.#arrows(node, from, to, event['outcome'] as string, step.snapshot))
      if ((ARROWS as readonly string[]).includes(arrow)) this.taken.add(arrow as Arrow);
    if (top(to) === 'Stopped') this.#stopping.delete(node);
  }

  get missing(): readonly Arrow[] {
    return ARROWS.filter((arrow) => !this.taken.has(arrow));
  }

  #arrows(node: MachineNode, from: string, to: string, outcome: string, { context }: AnyMachineSnapshot): string[] {
    const faulted = (context as { fault: unknown }).fault !== null;
    if (to === 'Gone') return [`${top(from)} → gone`];
    if (from === 'Running.Restarting')
      return to === 'Running' ? ['Running.Restarting → Running'] : this.#stopped(node, to);
    if (to === 'Running.Restarting') return [`${top(from)} → Running.Restarting`, `Executing → Running, ${outcome}`];
    if (/Halting/.test(from)) return faulted && top(to) === 'Stopped' ? [`${top(from)} → Stopped, start failed`] : [];
    if (top(from) === 'Executing' && top(to) === 'Running') return [`Executing → Running, ${outcome}`];
    if (top(to) === 'Stopped') return this.#stopped(node, to);
    return [`${top(from)} → ${top(to)}`];
  }

  #stopped(node: MachineNode, to: string): string[] {
    const began = this.#stopping.get(node);
    if (began === undefined || top(to) !== 'Stopped') return [];
    return [`${began.from} → Stopped, ${began.asked ? 'asked' : 'given up'}`];
  }
}
