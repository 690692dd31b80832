import { readFileSync } from 'node:fs';
import { check } from 'prettier';
import { describe, expect, test } from 'vitest';
import { MACHINES } from '../../machines/index.js';
import { actText, replay, sequenceOf, stateOf, Stepper, testOf } from '../../src/api/trace.js';
import type { Sequence } from '../../src/api/trace.js';
import { historyFile, historyNames } from './recorded/support/histories.js';

const FILE = historyFile('crash-breaker-half-open');
/** As seen from test/replay/recorded. */
const PROJECT = { machines: '../../../machines/index.js', library: '../../../src/api/trace.js' };

/** What the exported test does. */
function run({ machine, start, steps }: Sequence): void {
  const stepper = Stepper.of(MACHINES.find(({ id }) => id === machine) as never);
  let snapshot = start === null ? null : stepper.restored(start.state, start.context, start.children);
  for (const { event, state, acts } of steps) {
    const step =
      event.type === 'xstate.init' || snapshot === null
        ? stepper.initial(event['input'])
        : stepper.step(snapshot, event);
    expect({ event, state: stateOf(step.snapshot), acts: step.acts.map(actText) }).toEqual({ event, state, acts });
    snapshot = step.snapshot;
  }
}

describe('a sequence taken out of a trace', () => {
  test.each(historyNames())('leads through the same states again, for every actor of %s', async (name) => {
    const { actors } = await replay(historyFile(name), { untilSeq: 80 });
    for (const { actor } of actors) run(await sequenceOf(historyFile(name), { actor }));
  });

  test.each([20, 40, 60, 80])('from the middle, record %i, as well', async (fromSeq) => {
    const { actors } = await replay(FILE, { untilSeq: 90 });
    for (const { actor } of actors) {
      const sequence = await sequenceOf(FILE, { actor, fromSeq }).catch(() => null);
      if (sequence !== null) run(sequence);
    }
  });

  test('of an actor that has none there is refused', async () => {
    await expect(sequenceOf(FILE, { actor: 'package/nobody@1.0.0' })).rejects.toMatchObject({
      faultName: 'invalid_usage',
    });
  });
});

describe('the test written of it', () => {
  test('is the one kept in test/replay/recorded, which runs in the suite', async () => {
    const sequence = await sequenceOf(FILE, { actor: 'package/station@1.0.0', fromSeq: 52, toSeq: 75 });
    const kept = readFileSync(new URL('./recorded/crash-in-a-call.test.ts', import.meta.url), 'utf8');
    const written = testOf(sequence, 'crash-breaker-half-open.trace.jsonl', PROJECT);
    const ofAnyVersion = (text: string): string => text.replace(/machine version \w+/, 'machine version …');
    expect(ofAnyVersion(written)).toBe(ofAnyVersion(kept));
  });

  test('imports the package outside of this project', async () => {
    const sequence = await sequenceOf(FILE, { actor: 'runner', toSeq: 10 });
    expect(testOf(sequence, 'x')).toContain(`import { runnerMachine } from 'procvision-runner/machines';`);
  });

  test.each(['runner', 'package/station@1.0.0', 'package/station@1.0.0/process/1', 'route/A01'])(
    'of %s is laid out as the project lays out its code',
    async (actor) => {
      const text = testOf(await sequenceOf(FILE, { actor }), 'x.trace.jsonl', PROJECT);
      const style = { printWidth: 120, singleQuote: true, trailingComma: 'all', parser: 'typescript' } as const;
      expect(await check(text, style)).toBe(true);
    },
  );
});
