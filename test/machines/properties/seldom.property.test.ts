import { expect, test } from 'vitest';
import { livedUnder } from '../../support/machines/lives.js';
import { seldomHistories } from '../../support/machines/verify.js';
import { WATCHES } from '../../support/machines/watches.js';

const HISTORIES = 60;
const LIVING_MS = 120_000;

test(
  'where stalls, drains, lost sessions and failed probations are frequent, the same holds as anywhere',
  () => {
    for (const [number, history] of seldomHistories(HISTORIES).entries()) {
      const watches = new Map(Object.entries(WATCHES).map(([name, watch]) => [name, watch()]));
      for (const [name, what] of livedUnder(history, watches)) expect.fail(`history ${number}, ${name}: ${what}`);
    }
  },
  LIVING_MS,
);
