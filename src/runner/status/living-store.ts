import { actorsNow } from '../../causes/index.js';
import type { ActorNow } from '../../causes/index.js';
import type { LifecycleState } from '../../../machines/release.js';
import type { Fault } from '../../base/errors/index.js';
import { nodeFileSystem, readOnly, storeLayout } from '../../store/index.js';
import { readHolder } from '../doctor/holder.js';
import type { Listing, ReleaseView, RouteView } from './listing.js';
import { readStore } from './read-store.js';
import { newestRun } from './newest-run.js';

/** @property livingOsPid the Runner whose states these are; null: nobody works on the store, or it cannot be seen */
export interface LivingListing extends Listing {
  readonly problems: readonly string[];
  readonly livingOsPid: number | null;
}

/** What a store holds, and of a Runner that works on it where everything stands now, as its trace tells. */
export async function readLivingStore(root: string): Promise<LivingListing> {
  const layout = storeLayout(root);
  const stored = await readStore(root);
  const holder = await readHolder(layout, readOnly(nodeFileSystem)).catch(() => null);
  const run = await newestRun(layout.traces, holder).catch(() => null);
  const actors = run?.isOfHolder === true && !run.isClosed ? await actorsNow(run.files).catch(() => null) : null;
  if (holder === null || actors === null) return { ...stored, livingOsPid: null };
  const byPath = new Map(actors.map((actor) => [actor.actor, actor]));
  const routes = stored.routes.map((route) => livingRoute(route, byPath.get(`route/${route.pid}`)));
  return {
    ...stored,
    routes,
    releases: stored.releases.map((view) => livingRelease(view, byPath.get(`package/${view.release}`), routes)),
    livingOsPid: holder.osPid,
  };
}

function livingRelease(view: ReleaseView, actor: ActorNow | undefined, routes: readonly RouteView[]): ReleaseView {
  if (actor === undefined) return view;
  const { fault = null } = actor.context as { fault?: Fault | null };
  const routedPids = routes.flatMap(({ pid, release }) => (release === view.release ? [pid] : []));
  return { ...view, state: actor.state.split('.')[0] as LifecycleState, reason: fault, routedPids };
}

function livingRoute(view: RouteView, actor: ActorNow | undefined): RouteView {
  if (actor === undefined) return view;
  const { release, previous, onProbation, fault } = actor.context as Partial<RouteView>;
  return {
    ...view,
    ...(release === undefined ? {} : { release }),
    ...(previous === undefined ? {} : { previous }),
    ...(onProbation === undefined ? {} : { onProbation }),
    ...(fault === undefined ? {} : { fault }),
  };
}
