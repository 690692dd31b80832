import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MACHINES } from '../../machines/index.js';
import { replay } from '../../src/api/trace.js';
import type { TraceRecord } from '../../src/api/trace.js';
import { isFromAnotherMachine } from '../../machines/index.js';
import { isNeverAtOnce } from '../../src/replay/sources.js';
import { seed } from '../support/machines/seed.js';
import { find, recordsOf, told, twice, without } from './support/changed.js';

const NAMES = ['calls-in-trouble', 'crash-breaker-half-open', 'two-processes-one-hangs'];
const HISTORIES = new Map(await Promise.all(NAMES.map(async (name) => [name, await recordsOf(name)] as const)));
const RUNS = { numRuns: 60, seed };

/** By the name of its history and its number, so that a failure is told in a line. */
const anyRecordOf = (wanted: (record: TraceRecord) => boolean) =>
  fc.constantFrom(
    ...[...HISTORIES].flatMap(([name, history]) => history.filter(wanted).map(({ seq }) => ({ name, seq }))),
  );
const historyOf = (name: string): readonly TraceRecord[] => HISTORIES.get(name) ?? [];

const isSent = ({ machine, event, data, actor }: TraceRecord): boolean =>
  event !== 'xstate.init' && actor !== 'runner' && isFromAnotherMachine(machine, { type: event, ...data });

describe('whatever one changes in a history', () => {
  test('a state after a record is another: it is named there', async () => {
    const change = anyRecordOf(({ event }) => event !== 'xstate.stop').chain(({ name, seq }) => {
      const { machine, after: recorded } = find(historyOf(name), (record) => record.seq === seq);
      const states = MACHINES.find(({ id }) => id === machine)?.root.states ?? {};
      const others = Object.keys(states).filter((state) => state !== recorded);
      return fc.constantFrom(...others).map((after) => ({ name, seq, recorded, after }));
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ name, seq, recorded, after }) => {
        const { first } = await replay(told(historyOf(name), seq, { after }));
        expect(first).toMatchObject({ kind: 'state', seq, got: after, expected: recorded });
      }),
      RUNS,
    );
  });

  test('what one actor sent another is there twice: the second is named', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecordOf(isSent), async ({ name, seq }) => {
        const { first } = await replay(twice(historyOf(name), seq));
        expect(first?.seq).toBe(seq + 1);
      }),
      RUNS,
    );
  });

  test('what one actor sent another is missing: it is named before anything takes time again', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecordOf(isSent), async ({ name, seq }) => {
        const history = without(historyOf(name), seq);
        const { first } = await replay(history);
        const later = history.find((record) => record.seq >= seq && tookTime(record.event))?.seq;
        expect(first?.seq).toBeGreaterThanOrEqual(Math.min(seq, history.length));
        expect(first?.seq).toBeLessThanOrEqual(later ?? history.length);
      }),
      RUNS,
    );
  });
});

/** Faces may send something in between, from where they are told; what takes its time finds everything done. */
const tookTime = (event: string): boolean => /^xstate\.(after|done|error)\./.test(event) || isNeverAtOnce(event);
