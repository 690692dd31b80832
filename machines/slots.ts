/**
 * The places a release has for processes, and its waiting calls: pure functions over plain arrays.
 *
 * INVARIANTS
 * - A slot holds at most one call; a call is in at most one slot or in the queue (invariants 5 and 6).
 * - A call leaves the queue only to be dispatched or to be settled.
 * - Waiting calls of one PID are served in the order they came; between PIDs, the one served longest ago is next.
 */
import type { AcceptedCall, Slot } from './package.events.js';

export const EMPTY_SLOT: Slot = { phase: 'empty', call: null, abandoned: false };
const STARTING_SLOT: Slot = { phase: 'starting', call: null, abandoned: false };
const READY_SLOT: Slot = { phase: 'ready', call: null, abandoned: false };
const LEAVING_SLOT: Slot = { phase: 'leaving', call: null, abandoned: false };

export const emptySlots = (instances: number): readonly Slot[] => Array<Slot>(instances).fill(EMPTY_SLOT);

const replace = (slots: readonly Slot[], index: number, slot: Slot): readonly Slot[] =>
  slots.length === 1 ? [slot] : slots.map((old, i) => (i === index ? slot : old));

export const started = (slots: readonly Slot[], index: number) => replace(slots, index, STARTING_SLOT);
export const readied = (slots: readonly Slot[], index: number) => replace(slots, index, READY_SLOT);
export const leaving = (slots: readonly Slot[], index: number) => replace(slots, index, LEAVING_SLOT);
/** The process is to end; its call, with one attempt less, waits for that. */
export const leavingWithCall = (slots: readonly Slot[], index: number): readonly Slot[] => {
  const call = slots[index]?.call ?? null;
  return replace(slots, index, { ...LEAVING_SLOT, call: call && { ...call, retries: call.retries - 1 } });
};
const isPending = ({ phase, call, abandoned }: Slot): boolean => phase === 'leaving' && call !== null && !abandoned;
/** Calls that get another attempt once their process has ended. */
export const pendingCalls = (slots: readonly Slot[]): readonly AcceptedCall[] =>
  slots.flatMap((slot) => (slot.call !== null && isPending(slot) ? [slot.call] : []));
/**
 * Whether a release that drains has nothing to wait for once the process at `index` is gone: no call runs, and none waits,
 * or is to be tried again, that another process could still serve.
 */
export function isDrainedWithout(slots: readonly Slot[], queue: readonly AcceptedCall[], index: number): boolean {
  const others = slots.filter((_slot, i) => i !== index);
  if (others.some(({ phase }) => phase === 'executing')) return false;
  const someoneWaits = queue.length > 0 || slots.some(isPending);
  return !someoneWaits || !others.some(({ phase }) => phase === 'ready' || phase === 'starting');
}
export const withoutPending = (slots: readonly Slot[]): readonly Slot[] =>
  slots.map((slot) => (isPending(slot) ? LEAVING_SLOT : slot));
export const emptied = (slots: readonly Slot[], index: number) => replace(slots, index, EMPTY_SLOT);

export const given = (slots: readonly Slot[], index: number, call: AcceptedCall) =>
  replace(slots, index, { phase: 'executing', call, abandoned: false });

export const abandoned = (slots: readonly Slot[], callId: number): readonly Slot[] =>
  slots.map((slot) => (slot.call?.callId === callId ? { ...slot, abandoned: true } : slot));

export const slotOfCall = (slots: readonly Slot[], callId: number): number =>
  slots.findIndex(({ call }) => call?.callId === callId);

/** The idle slot a call may run in, -1 when there is none. */
export const idleSlotFor = (slots: readonly Slot[], home: number | null): number =>
  home === null ? slots.findIndex(({ phase }) => phase === 'ready') : slots[home]?.phase === 'ready' ? home : -1;

/** The process that keeps a session is gone or going. */
export const isGone = (slots: readonly Slot[], home: number): boolean => {
  const phase = slots[home]?.phase;
  return phase !== 'ready' && phase !== 'executing';
};

/** Slots other than `index` that can serve, now or after their call. */
export const othersAble = (slots: readonly Slot[], index: number): boolean =>
  slots.length > 1 && slots.some(({ phase }, i) => i !== index && (phase === 'ready' || phase === 'executing'));
export const othersExecute = (slots: readonly Slot[], index: number): boolean =>
  slots.length > 1 && slots.some(({ phase }, i) => i !== index && phase === 'executing');

export const isWaiting = (queue: readonly AcceptedCall[], callId: number): boolean =>
  queue.some((call) => call.callId === callId);
export const withoutCall = (queue: readonly AcceptedCall[], callId: number): readonly AcceptedCall[] =>
  queue.filter((call) => call.callId !== callId);

/** Which waiting call goes out next and where to; undefined when none can. */
export function nextCall(
  queue: readonly AcceptedCall[],
  turns: readonly string[],
  slots: readonly Slot[],
): { readonly call: AcceptedCall; readonly slot: number } | undefined {
  let next: { call: AcceptedCall; slot: number; turn: number } | undefined;
  for (const call of queue) {
    const slot = idleSlotFor(slots, call.home);
    if (slot < 0) continue;
    const turn = turns.indexOf(call.pid);
    if (next === undefined || turn < next.turn) next = { call, slot, turn };
  }
  return next;
}

export const afterTurn = (turns: readonly string[], pid: string): readonly string[] => [
  ...turns.filter((other) => other !== pid),
  pid,
];
