import { historiesOfSuite, seldomHistories } from '../../../support/machines/verify.js';
import { livedUnder } from '../../../support/machines/lives.js';
import { WATCHES } from '../../../support/machines/watches.js';
import type { Check } from './check.js';

/** The histories of test/machines/properties, one check each, every watch looking on: the usual ones first. */
export const historyChecks = (usual: number, seldom: number): readonly Check[] =>
  [...historiesOfSuite(usual), ...seldomHistories(seldom)].map((history, number) => ({
    name: `history ${number}`,
    kind: 'properties',
    run: () => {
      const watches = new Map(Object.entries(WATCHES).map(([name, watch]) => [name, watch()]));
      const [found] = livedUnder(history, watches);
      return found === undefined ? null : `${found[0]}: ${found[1].split('\n', 1).join('')}`;
    },
  }));
