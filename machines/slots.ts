/**
 * The places a release has for processes, and its waiting calls: pure functions over plain arrays.
 *
 * INVARIANTS
 * - A slot holds at most one call; a call is in at most one slot or in the queue (architecture, invariants 5 and 6).
 * - A call leaves the queue only to be dispatched or to be settled.
 */
import type { Slot, WaitingCall } from './package.events.js';

export const EMPTY_SLOT: Slot = { phase: 'empty', callId: 0, abandoned: false };
const STARTING_SLOT: Slot = { phase: 'starting', callId: 0, abandoned: false };
const READY_SLOT: Slot = { phase: 'ready', callId: 0, abandoned: false };
const LEAVING_SLOT: Slot = { phase: 'leaving', callId: 0, abandoned: false };

export const emptySlots = (instances: number): readonly Slot[] => Array<Slot>(instances).fill(EMPTY_SLOT);

const replace = (slots: readonly Slot[], index: number, slot: Slot): readonly Slot[] =>
  slots.length === 1 ? [slot] : slots.map((old, i) => (i === index ? slot : old));

export const started = (slots: readonly Slot[], index: number) => replace(slots, index, STARTING_SLOT);
export const readied = (slots: readonly Slot[], index: number) => replace(slots, index, READY_SLOT);
export const leaving = (slots: readonly Slot[], index: number) => replace(slots, index, LEAVING_SLOT);
export const emptied = (slots: readonly Slot[], index: number) => replace(slots, index, EMPTY_SLOT);

export const given = (slots: readonly Slot[], index: number, callId: number) =>
  replace(slots, index, { phase: 'executing', callId, abandoned: false });

export const abandoned = (slots: readonly Slot[], callId: number): readonly Slot[] =>
  slots.map((slot) => (slot.callId === callId ? { ...slot, abandoned: true } : slot));

export const idleSlot = (slots: readonly Slot[]): number => slots.findIndex(({ phase }) => phase === 'ready');
export const slotOfCall = (slots: readonly Slot[], callId: number): number =>
  slots.findIndex((slot) => slot.callId === callId);

/** Slots other than `index` that can serve, now or after their call. */
export const othersAble = (slots: readonly Slot[], index: number): boolean =>
  slots.length > 1 && slots.some(({ phase }, i) => i !== index && (phase === 'ready' || phase === 'executing'));
export const othersExecute = (slots: readonly Slot[], index: number): boolean =>
  slots.length > 1 && slots.some(({ phase }, i) => i !== index && phase === 'executing');

export const isWaiting = (queue: readonly WaitingCall[], callId: number): boolean =>
  queue.some((call) => call.callId === callId);
export const withoutCall = (queue: readonly WaitingCall[], callId: number): readonly WaitingCall[] =>
  queue.filter((call) => call.callId !== callId);
