import { z } from 'zod';
import type { WhyLink } from '../../causes/index.js';
import type { Why, WhyStand } from '../traces/why.js';
import { list, seenFault, time } from './common.js';
import { gapWire, wireGap } from './gap.js';
import { recordWire, wireRecord } from './record.js';
import { runLifeWire, wireLife } from './run-life.js';

const stand = { state: z.string(), since: time, ended: z.boolean(), runner: runLifeWire };

const linkWire = recordWire.extend({
  because: z
    .strictObject({
      seq: z.int(),
      kind: z.enum(['sent', 'started', 'delayed', 'answered', 'during', 'before']),
    })
    .nullable(),
  sentence: z.string(),
  fault: seenFault.nullable(),
});

/** Why an actor is where it is, from the first cause on. */
export const whyWire = z.strictObject({
  actor: z.string(),
  machine: z.string(),
  ...stand,
  meaning: z.string(),
  /** How it came to be where the present Runner found it. */
  earlier: z.strictObject({ run: z.string(), ...stand }).nullable(),
  fault: seenFault.nullable(),
  links: list(linkWire),
  earlier_losses: list(linkWire),
  cut: z.boolean(),
  gap: gapWire.nullable(),
});
export type WhyWire = z.infer<typeof whyWire>;

export const wireWhy = ({ run, now, ...then }: Why): WhyWire => ({
  actor: then.actor,
  machine: then.machine,
  ...(now === null ? wireStand(then) : wireStand({ ...now, hasEnded: false })),
  meaning: then.meaning,
  earlier: run === null ? null : { run, ...wireStand(then) },
  fault: then.fault,
  links: then.links.map(wireLink),
  earlier_losses: then.earlierLosses.map(wireLink),
  cut: then.isCut,
  gap: then.gap === null ? null : wireGap(then.gap),
});

const wireStand = ({ state, sinceMs, hasEnded, life }: WhyStand) => ({
  state,
  since: new Date(sinceMs).toISOString(),
  ended: hasEnded,
  runner: wireLife(life),
});

const wireLink = ({ record, because, sentence, fault }: WhyLink): z.infer<typeof linkWire> => ({
  ...wireRecord(record),
  because,
  sentence,
  fault,
});
