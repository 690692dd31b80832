import type { AnyEventObject } from 'xstate';
import type { Fault, OsEvent } from '../../../machines/index.js';
import type { Composition, EffectNode, MachineNode, OsNode, Timer } from '../../../src/testing/model/index.js';
import { illBehaved, sampled, wellBehaved } from '../../../src/testing/model/index.js';
import { BROKEN } from './samples.js';

/**
 * - works: an effect or process does what is hoped of it · breaks: it fails, crashes, lies
 * - looks: the CPU and memory of a process are looked at · time: a deadline passes
 * - calls, changes (of routes), commands, flows, closes: what people and hosts do
 * - mistakes: what they do although it makes no sense now
 */
export const KINDS = [
  'works',
  'breaks',
  'looks',
  'time',
  'calls',
  'changes',
  'commands',
  'mistakes',
  'flows',
  'closes',
] as const;
export type Kind = (typeof KINDS)[number];

/** One event that could really arrive next. */
export type Stimulus = { readonly kind: Kind } & (
  | { readonly by: 'answer'; readonly effect: EffectNode; readonly output: unknown }
  | { readonly by: 'refusal'; readonly effect: EffectNode; readonly error: Fault }
  | { readonly by: 'os'; readonly os: OsNode; readonly event: OsEvent }
  | { readonly by: 'timer'; readonly timer: Timer }
  | { readonly by: 'user'; readonly to: MachineNode; readonly event: AnyEventObject }
);

export interface Answering {
  readonly outputOf: (effect: EffectNode) => unknown;
  readonly mayFail: (effect: EffectNode) => boolean;
}

/** What effects and processes do when all goes well. */
export const workStimuli = (composition: Composition, { outputOf }: Answering): readonly Stimulus[] => [
  ...composition
    .effects()
    .map((effect) => ({ kind: 'works', by: 'answer', effect, output: outputOf(effect) }) as const),
  ...composition
    .processes()
    .flatMap((os) =>
      wellBehaved(os.facts, composition.nowMs).map((event) => ({ kind: 'works', by: 'os', os, event }) as const),
    ),
];

/** What effects, processes and the clock could do next; people are in users.ts. */
export function machineryStimuli(composition: Composition, answering: Answering): readonly Stimulus[] {
  const { nowMs } = composition;
  return [
    ...workStimuli(composition, answering),
    ...composition
      .effects()
      .filter((effect) => answering.mayFail(effect))
      .map((effect) => ({ kind: 'breaks', by: 'refusal', effect, error: BROKEN }) as const),
    ...composition
      .processes()
      .flatMap((os): readonly Stimulus[] => [
        ...illBehaved(os.facts, nowMs).map((event) => ({ kind: 'breaks', by: 'os', os, event }) as const),
        ...sampled(os.facts).map((event) => ({ kind: 'looks', by: 'os', os, event }) as const),
      ]),
    ...nextTimers(composition).map((timer) => ({ kind: 'time', by: 'timer', timer }) as const),
  ];
}

/** Time passes in order: only what is due first may fire, in any order among equals. */
export function nextTimers({ timers }: Pick<Composition, 'timers'>): readonly Timer[] {
  const firstMs = Math.min(...timers.map(({ dueMs }) => dueMs));
  return timers.filter(({ dueMs }) => dueMs === firstMs);
}

export function apply(composition: Composition, stimulus: Stimulus): void {
  switch (stimulus.by) {
    case 'answer':
      return composition.answer(stimulus.effect, stimulus.output);
    case 'refusal':
      return composition.refuse(stimulus.effect, stimulus.error);
    case 'os':
      return composition.tell(stimulus.os, stimulus.event);
    case 'timer':
      return composition.fire(stimulus.timer);
    case 'user':
      return composition.send(stimulus.to, stimulus.event);
  }
}

/** `package/screw@1.0.0/process/1/os: call.answered 3 result`, one line of a history. */
export function lineOf(stimulus: Stimulus): string {
  switch (stimulus.by) {
    case 'answer':
      return `${stimulus.effect.path} is done`;
    case 'refusal':
      return `${stimulus.effect.path} fails`;
    case 'os':
      return `${stimulus.os.path}: ${briefly(stimulus.event)}`;
    case 'timer':
      return `${stimulus.timer.owner.path}: "${stimulus.timer.id}" is due at ${stimulus.timer.dueMs} ms`;
    case 'user':
      return `${stimulus.to.path} ← ${briefly(stimulus.event)}`;
  }
}

function briefly({ type, ...rest }: AnyEventObject): string {
  const { fault: _fault, facts: _facts, ...shown } = rest;
  return `${type} ${JSON.stringify(shown)}`;
}
