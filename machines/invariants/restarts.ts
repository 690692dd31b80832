import { hasAnyTag, hasTag } from '../state-tags.js';
import type { Invariant } from './invariant.js';
import { deliveredTo, isDelivered } from './view.js';
import type { Delivered } from './view.js';

/** What was lost since somebody asked for the release to run, or it got ready. */
interface History {
  readonly lossesMs: readonly number[];
  /** In a row. */
  readonly failedStarts: number;
  /** The start under way is the one allowed after the cool-down. */
  readonly onTrial: boolean;
}
/** By actor path. */
type Histories = Readonly<Record<string, History>>;

const CLEAN: History = { lossesMs: [], failedStarts: 0, onTrial: false };
/** Losses are made good in it. */
const goesOn = (state: string): boolean => hasAnyTag('package', state, 'serving', 'starting', 'restarting');

export const restarts: Invariant<Histories> = {
  number: 9,
  sentence: 'Restarts never exceed the policy; the breaker opens at exactly its limit.',
  start: {},
  hears: (seen) =>
    isDelivered(seen, 'package', ['process.ended', 'process.ready']) ||
    (seen.what === 'delivered' && seen.machine === 'package' && hasTag('package', seen.after.state, 'requested')),
  watch(histories, happened, view) {
    const known: Record<string, History> = { ...histories };
    const wrong: string[] = [];
    let met = false;
    for (const seen of deliveredTo(happened, 'package')) {
      const { actor, event, before, after } = seen;
      const history = known[actor] ?? CLEAN;
      if (before !== null && event.type === 'process.ended' && goesOn(before.state)) {
        met = true;
        const lost = withLoss(history, seen);
        wrong.push(...judge(lost, seen).map((what) => `${actor} ${what}`));
        known[actor] = lost;
      } else if (event.type === 'process.ready' && before !== null && hasTag('package', before.state, 'starting')) {
        known[actor] = CLEAN;
      } else if (event.type === 'process.ready') {
        known[actor] = { ...history, failedStarts: 0 };
      } else if (hasTag('package', after.state, 'requested') && before?.state !== after.state) {
        // Somebody asks for it, or its cool-down is over.
        known[actor] = event.type.startsWith('xstate.after') ? { ...history, onTrial: true } : CLEAN;
      }
    }
    const lives = (actor: string) => view.packages.has(actor.replace('package/', ''));
    return { memory: Object.fromEntries(Object.entries(known).filter(([actor]) => lives(actor))), wrong, met };
  },
};

function withLoss({ lossesMs, failedStarts, onTrial }: History, { event, before }: Delivered<'package'>): History {
  if (event.type !== 'process.ended' || before === null) return { lossesMs, failedStarts, onTrial };
  const { policy, slots } = before.context;
  const failed = slots[event.slot]?.phase === 'starting';
  return {
    lossesMs: [...lossesMs, event.atMs].filter((atMs) => event.atMs - atMs < policy.restart.windowMs),
    failedStarts: failed ? failedStarts + 1 : failedStarts,
    onTrial,
  };
}

function judge(
  { lossesMs, failedStarts, onTrial }: History,
  { event, after }: Delivered<'package'>,
): readonly string[] {
  if (event.type !== 'process.ended') return [];
  const { policy, slots } = after.context;
  const { breakerLosses, immediateRestarts, windowMs } = policy.restart;
  const isAllowed = lossesMs.length < breakerLosses && failedStarts <= immediateRestarts && !onTrial;
  const isGoingOn = goesOn(after.state);
  const atOnce = isGoingOn && slots[event.slot]?.phase === 'starting';
  const seen = `${lossesMs.length} losses within ${windowMs} ms and ${failedStarts} failed starts`;
  return [
    ...(isGoingOn && !isAllowed ? [`goes on after ${seen}`] : []),
    ...(!isGoingOn && isAllowed ? [`gives up after ${seen} only`] : []),
    ...(atOnce && lossesMs.length > immediateRestarts ? [`restarts at once after ${seen}`] : []),
  ];
}
