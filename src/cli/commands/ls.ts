import { existsSync } from 'node:fs';
import { readStore } from '../../index.js';
import type { Listing, ReleaseView } from '../../index.js';
import type { Colors } from '../colors.js';
import { resultCommand } from '../command.js';
import type { Cell } from '../table.js';
import { table } from '../table.js';
import { wireListing } from '../wire.js';

export const ls = resultCommand<[], object, Listing>({
  name: 'ls',
  summary: 'list the releases and the product ids bound to them; reads beside a running Runner',

  run({ store, note }) {
    if (!existsSync(store)) note(`there is no store at ${store} yet`);
    return readStore(store);
  },

  json: wireListing,

  show({ releases, routes }, colors) {
    const first = releases.find(({ state }) => state === 'Deployed' || state === 'Stopped');
    return {
      lines: [
        ...(releases.length === 0
          ? []
          : table(
              ['release', 'state', 'wanted', 'PIDs bound', 'PIDs supported', 'reason'],
              releases.map(rowOf(colors)),
              colors,
            )),
        ...(routes.some(({ fault }) => fault !== null) ? ['', ...degraded(routes, colors)] : []),
      ],
      notes: releases.length === 0 ? ['no releases'] : [],
      ...(releases.length === 0 ? { next: ['install', 'package.zip'] } : {}),
      ...(first !== undefined && first.routedPids.length === 0
        ? { next: ['activate', first.release, '--pid', ...first.supportedPids] }
        : {}),
    };
  },
});

const rowOf =
  (colors: Colors) =>
  ({ release, state, wanted, routedPids, supportedPids, reason }: ReleaseView): readonly Cell[] => [
    release,
    state === 'Invalid' ? [state, colors.red] : state,
    wanted,
    routedPids.join(' '),
    supportedPids.join(' '),
    reason === null ? '' : [`${reason.code} ${reason.message}`, colors.red],
  ];

const degraded = (routes: Listing['routes'], colors: Colors): string[] =>
  table(
    ['PID', 'fault'],
    routes.flatMap(({ pid, fault }) => (fault === null ? [] : [[pid, [`${fault.code} ${fault.message}`, colors.red]]])),
    colors,
  );
