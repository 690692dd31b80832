import { describe, expect, test } from 'vitest';
import { traceOf } from './support/family.js';

const RUNNER = 'runner';
const PACKAGE = 'package/x@1';
const PROCESS = 'package/x@1/process/1';

describe('one record per delivered event of every actor', () => {
  test('with the path of the actor, its machine, and its state before and after', async () => {
    const { records } = await traceOf({ type: 'go', n: 7 });
    const lives = records.map(({ actor, machine, event, before, after }) => ({ actor, machine, event, before, after }));
    expect(lives.filter(({ event }) => event === 'go')).toEqual([
      { actor: RUNNER, machine: 'runner', event: 'go', before: 'Opening', after: 'Serving.Ready' },
      { actor: PACKAGE, machine: 'package', event: 'go', before: 'Serving', after: 'Serving' },
      { actor: PROCESS, machine: 'process', event: 'go', before: 'Idle', after: 'Idle' },
    ]);
  });

  test('with what the event carried, but for its type', async () => {
    const { records } = await traceOf({ type: 'go', n: 7 });
    expect(records.find(({ event }) => event === 'reported')?.data).toEqual({ n: 7 });
    expect(records.find(({ event }) => event === 'go')?.data).toEqual({ n: 7 });
  });

  test('from the beginning of each actor, which has no state before it, with its input', async () => {
    const { records } = await traceOf();
    const begun = records.filter(({ event }) => event === 'xstate.init');
    expect(begun.map(({ actor }) => actor).sort()).toEqual([PACKAGE, PROCESS, RUNNER]);
    expect(begun.map(({ before }) => before)).toEqual([null, null, null]);
    expect(begun.find(({ actor }) => actor === PACKAGE)?.data).toEqual({ input: { key: 'x@1' } });
  });

  test('also when nothing came of it', async () => {
    const { records } = await traceOf({ type: 'go', n: 1 });
    const reported = records.find(({ event }) => event === 'reported');
    expect(reported).toMatchObject({ actor: RUNNER, before: 'Serving.Ready', after: 'Serving.Ready' });
  });

  test('to its end', async () => {
    const { records } = await traceOf();
    const stopped = records.filter(({ event }) => event === 'xstate.stop').map(({ actor }) => actor);
    expect(stopped).toEqual([RUNNER, PACKAGE, PROCESS]);
  });
});

test('records stand in processing order: cause before effect, across parents and children', async () => {
  const { records } = await traceOf({ type: 'go', n: 1 }, { type: 'go', n: 2 });
  const order = records
    .filter(({ event }) => !event.startsWith('xstate.'))
    .map(({ actor, event }) => `${actor} ${event}`);
  const round = [`${RUNNER} go`, `${PACKAGE} go`, `${PROCESS} go`, `${PACKAGE} answer`, `${RUNNER} reported`];
  expect(order).toEqual([...round, ...round]);
});

describe('an error thrown in an action does not vanish', () => {
  test('the event that led to it is in the trace', async () => {
    const { records } = await traceOf({ type: 'boom' });
    expect(records.filter(({ event }) => event === 'boom').map(({ actor }) => actor)).toEqual([
      RUNNER,
      PACKAGE,
      PROCESS,
    ]);
  });

  test('its message is in the trace, and reaches whoever watches', async () => {
    const { records, failures } = await traceOf({ type: 'boom' });
    expect(JSON.stringify(records)).toContain('the action failed');
    expect(failures).toHaveLength(1);
  });
});
