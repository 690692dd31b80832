import { existsSync } from 'node:fs';
import type { LivingListing, ReleaseView, RouteView } from '../../api/results.js';
import { readsOf } from '../../api/store-reads.js';
import type { Colors } from '../colors.js';
import { resultCommand } from '../command.js';
import type { Cell } from '../table.js';
import { table } from '../table.js';
import { wireListing } from '../../api/wire/listing.js';

export const ls = resultCommand<[], object, LivingListing>({
  run({ store, note }) {
    if (!existsSync(store)) note(`there is no store at ${store} yet`);
    return readsOf(store).list();
  },

  json: wireListing,

  show({ releases, routes, livingOsPid, problems: warnings }, colors) {
    if (releases.length + routes.length === 0)
      return { lines: [], notes: ['no releases'], warnings, next: ['install', 'package.zip'] };
    const idle = releases.find(({ state }) => state === 'Deployed' || state === 'Stopped');
    return {
      lines: [
        ...table(RELEASE_HEADINGS, releases.map(rowOf(colors)), colors),
        ...(routes.length === 0 ? [] : ['', ...table(ROUTE_HEADINGS, routes.map(routeRowOf(colors)), colors)]),
      ],
      warnings,
      ...(livingOsPid === null ? {} : { notes: [`as the Runner of process ${livingOsPid} has them now`] }),
      ...(idle !== undefined && idle.routedPids.length === 0 && routes.length === 0
        ? { next: ['activate', idle.release, '--pid', ...idle.supportedPids] }
        : {}),
    };
  },
});

const RELEASE_HEADINGS = ['release', 'state', 'wanted', 'PIDs bound', 'PIDs supported', 'isolation', 'reason'];
const ROUTE_HEADINGS = ['PID', 'release', 'since', 'previous', 'standing'];

const rowOf =
  (colors: Colors) =>
  ({ release, state, wanted, routedPids, supportedPids, isolation, reason }: ReleaseView): readonly Cell[] => [
    release,
    state === 'Invalid' ? [state, colors.red] : state,
    wanted,
    routedPids.join(' '),
    supportedPids.join(' '),
    isolation ?? '',
    reason === null ? '' : [`${reason.code} ${reason.message}`, colors.red],
  ];

const routeRowOf =
  (colors: Colors) =>
  ({ pid, release, activatedAt, previous, onProbation, fault }: RouteView): readonly Cell[] => [
    pid,
    release ?? '',
    activatedAt ?? '',
    previous ?? '',
    fault !== null
      ? [`${fault.code} ${fault.message}`, colors.red]
      : onProbation
        ? ['on probation', colors.yellow]
        : '',
  ];
