import type { ReleaseKey } from '../release.js';
import { deliveredTo, isAtWork, isDelivered } from './view.js';
import type { Delivered, Seen, SystemView } from './view.js';

type Stop = Delivered<'package'> & { readonly event: { readonly type: 'package.stop' } };

/** What `stopsBySwitch` looks at. */
export const concernsStops = (seen: Seen): boolean =>
  isDelivered(seen, 'runner', ['release.stop']) || isDelivered(seen, 'package', ['package.stop']);

/** Stops that neither a person nor the Runner's own end asked for: another release took the place of this one. */
export function stopsBySwitch(happened: readonly Seen[], view: SystemView): readonly Stop[] {
  if (!isAtWork(view)) return [];
  const byPerson = deliveredTo(happened, 'runner').flatMap(({ event }): readonly ReleaseKey[] =>
    event.type === 'release.stop' ? [event.key] : [],
  );
  return deliveredTo(happened, 'package').filter(
    (seen): seen is Stop => seen.event.type === 'package.stop' && !byPerson.includes(seen.after.context.key),
  );
}
