import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nextEvents, readRun, whyActor } from '../../src/api/trace.js';
import { refusalOf } from '../store/support/refusal.js';
import { scratchFolder } from '../runner/support/folders.js';
import { stationZip } from '../runner/support/packages.js';
import { openRunner } from '../runner/support/runners.js';
import { call, spoil, station, CRASH_AT_ONCE } from '../runner/support/station.js';
import { storeLayout } from '../../src/index.js';
import { fatalShift, STATION } from './support/story.js';

const PACKAGE = `package/${STATION}`;
const PROCESS = `${PACKAGE}/process/1`;

describe('a release whose calls killed its process once too often', async () => {
  const { file } = await fatalShift();
  const why = (actor: string) => whyActor(readRun(file), actor);
  const next = (actor: string) => nextEvents(readRun(file), actor);

  test('stopped because of the call its process died of, link by link from that call on', async () => {
    const { actor, state, fault, links, isCut } = await why(STATION);
    expect({ actor, state, code: fault?.code, isCut }).toEqual({
      ...{ actor: PACKAGE, state: 'Stopped.Idle', code: '3006', isCut: false },
    });
    expect(links.map(({ record: { actor: who, event } }) => `${who} ${event}`)).toEqual([
      `${PACKAGE} call.requested`,
      `${PROCESS} call.dispatched`,
      `${PROCESS} os.exited`,
      `${PACKAGE} call.failed`,
      `${PACKAGE} process.ended`,
      `${PACKAGE} xstate.done.actor.recordRest`,
    ]);
    expect(links.map(({ because }) => because?.kind)).toEqual([
      undefined,
      'sent',
      'during',
      'sent',
      'sent',
      'answered',
    ]);
    expect(links.map(({ sentence }) => sentence)).toEqual([
      'somebody asked for call 5, on A01',
      'it was given call 5',
      'it ended',
      'an attempt at call 5 failed: lost',
      'its process 1 was lost, and it is not to be started again',
      'writing down where it rests succeeded',
    ]);
    expect(links[2]?.fault?.message).toMatch(/ended by SIGKILL during execute of step 1 for A01 \(call 5\)/);
    for (const { because } of links.slice(1)) {
      expect(links.some(({ record }) => record.seq === because?.seq)).toBe(true);
    }
  });

  test('has lost it before, as often as its policy forgives', async () => {
    const { earlierLosses } = await why(STATION);
    expect(earlierLosses.map(({ fault }) => /call \d/.exec(fault?.message ?? '')?.[0])).toEqual(['call 3', 'call 4']);
  });

  test('leaves its route bound and faulted, for the same cause', async () => {
    const { actor, state, fault, links } = await why('A01');
    expect({ actor, state, code: fault?.code }).toEqual({ actor: 'route/A01', state: 'Serving', code: '3006' });
    expect(links.map(({ sentence }) => sentence)).toContain('somebody asked for call 5, on A01');
    expect(links.at(-1)?.record).toMatchObject({ actor: 'route/A01', event: 'release.changed' });
  });

  test('could be started again, or uninstalled; what it takes to be stopped depends on the wish', async () => {
    const { state, events } = await next(STATION);
    expect(state).toBe('Stopped.Idle');
    expect(events.map(({ event, isPossible, leadsTo }) => [event, isPossible, leadsTo])).toEqual([
      ['package.start', true, 'Stopped.Requested'],
      ['package.stop', null, 'Stopped.Recording'],
      ['package.uninstall', true, 'Stopped.Uninstalling'],
    ]);
  });

  test('has a process from which nothing is to come', async () => {
    const { events } = await next(PROCESS);
    expect(events.find(({ event }) => event === 'stream.faulted')).toMatchObject({
      ...{ isPossible: false, note: 'its process is gone' },
    });
  });

  test('is explained as far as the trace goes back when rotation took its beginning', async () => {
    const rest = async function* () {
      for await (const record of readRun(file)) if (record.seq > 60) yield record;
    };
    const { state, links, isCut } = await whyActor(rest(), STATION);
    expect({ state, isCut }).toEqual({ state: 'Stopped.Idle', isCut: true });
    expect(links.map(({ record }) => record.event)).toContain('process.ended');
    const refusal = await refusalOf(nextEvents(rest(), STATION));
    expect(refusal.message).toBe(
      `The trace does not go back to the beginning of ${PACKAGE}: what it knows cannot be told.`,
    );
  });

  test('is asked for by a name there is: others are answered with those there are', async () => {
    const refusal = await refusalOf(why('station@9'));
    expect(refusal).toMatchObject({ faultName: 'invalid_usage' });
    expect(refusal.hint).toContain(PACKAGE);
    expect(await refusalOf(next('nobody'))).toMatchObject({ details: { actor: 'nobody' } });
  });
});

describe('an actor that works', async () => {
  const store = storeLayout(join(scratchFolder(), 'store'));
  const runner = await openRunner({ store: store.root });
  await runner.install(stationZip(), { target: 'Deployed' });
  const mend = spoil(store, station(1), CRASH_AT_ONCE);
  await runner.start(station(1)).catch(() => undefined);
  mend();
  await runner.activate(station(1), ['A01']);
  await call(runner, 'A01');
  const records = async function* () {
    for await (const record of runner.trace.records({ fromSeq: 1 })) {
      yield record;
      if (record.seq === runner.trace.lastSeq) return;
    }
  };

  test('runs since its start was asked for, whatever calls it had since, and whatever had failed before', async () => {
    const { state, fault, hasEnded, links } = await whyActor(records(), STATION);
    expect({ state, fault, hasEnded }).toEqual({ state: 'Running', fault: null, hasEnded: false });
    expect(links[0]?.record).toMatchObject({ actor: 'runner', event: 'changeover.asked' });
    const events = links.map(({ record }) => record.event);
    expect(events).toContain('process.ready');
    expect(events).not.toContain('call.requested');
    expect(events).not.toContain('os.exited');
  });

  test('would be taken further by a call, by its process, or by whoever stops it', async () => {
    const { state, events } = await nextEvents(records(), STATION);
    expect(state).toBe('Running');
    const asked = events.find(({ event }) => event === 'call.requested');
    expect(asked).toMatchObject({ leadsTo: 'Executing', source: 'a caller', isPossible: null });
    expect(
      events.find(({ event, leadsTo }) => event === 'package.stop' && leadsTo === 'Executing.Draining'),
    ).toMatchObject({
      ...{ guard: 'retryIsPending', isPossible: false, note: 'its condition does not hold' },
    });
    expect(
      events.find(({ event, leadsTo }) => event === 'package.stop' && leadsTo === 'Running.Stopping'),
    ).toMatchObject({
      isPossible: true,
    });
  });

  test('has a heartbeat whose timer says when it is due', async () => {
    const { events } = await nextEvents(records(), `${PROCESS}/heartbeat`);
    expect(events).toMatchObject([{ source: 'a timer', leadsTo: 'Awaiting', isPossible: true }]);
    expect(events[0]?.note).toMatch(/^due in \d+ ms$/);
  });

  test('leads the reader from a refused start to what the process said', async () => {
    const before = async function* () {
      for await (const record of records()) {
        if (record.event === 'changeover.asked') return;
        yield record;
      }
    };
    const { state, fault, links } = await whyActor(before(), STATION);
    expect(state).toBe('Stopped.Idle');
    expect(fault?.message).toContain('exited');
    expect(links.map(({ record }) => record.event)).toContain('os.exited');
  });
});
