import { z } from 'zod';
import type { NextReport } from '../../causes/index.js';
import type { RunLife } from '../../runner/status/run-life.js';
import { list } from './common.js';
import { gapWire, wireGap } from './gap.js';
import { runLifeWire, wireLife } from './run-life.js';

/** What would take an actor out of its state. */
export const nextWire = z.strictObject({
  actor: z.string(),
  machine: z.string(),
  state: z.string(),
  ended: z.boolean(),
  runner: runLifeWire,
  events: list(
    z.strictObject({
      event: z.string(),
      source: z.string(),
      guard: z.string().nullable(),
      leads_to: z.string(),
      /** Null: that depends on what the event carries. */
      possible: z.boolean().nullable(),
      note: z.string(),
    }),
  ),
  gap: gapWire.nullable(),
});
export type NextWire = z.infer<typeof nextWire>;

export const wireNext = ({ life, ...next }: NextReport & { readonly life: RunLife }): NextWire => ({
  actor: next.actor,
  machine: next.machine,
  state: next.state,
  ended: next.hasEnded,
  runner: wireLife(life),
  events: next.events.map(({ event, source, guard, leadsTo, isPossible, note }) => ({
    event,
    source,
    guard,
    leads_to: leadsTo,
    possible: isPossible,
    note,
  })),
  gap: next.gap === null ? null : wireGap(next.gap),
});
