import { join } from 'node:path';
import type { AnyActorRef } from 'xstate';
import { beforeEach, describe, expect, test } from 'vitest';
import { openHost } from '../../src/runner/host/host.js';
import type { Host } from '../../src/runner/host/host.js';
import { runnerOn } from '../../src/runner/runner.js';
import type { Runner } from '../../src/runner/runner.js';
import { eventually } from '../support/eventually.js';
import { scratchFolder } from '../support/own-folder.js';
import { stationZip } from './support/packages.js';
import { call, station } from './support/station.js';
import { refusalOf } from '../store/support/refusal.js';

const STATION = station(1);
let host: Host;
let runner: Runner;

beforeEach(async () => {
  const options = { store: join(scratchFolder(), 'store'), scanIntervalMs: 0 };
  host = await openHost(options);
  runner = await runnerOn(host, options);
  await runner.install(stationZip());
  await runner.activate(STATION, ['A01']);
});

/** A defect of a machine: whatever this actor gets next breaks it. */
function breaks(actor: AnyActorRef | undefined): void {
  const logic = (actor as unknown as { logic: { transition: unknown } }).logic;
  const { transition } = logic;
  logic.transition = () => {
    throw new Error('boom');
  };
  actor?.send({ type: 'nothing' });
  logic.transition = transition;
}

describe('a defect in a machine', () => {
  test('of a release costs its calls by name, and nobody waits for it', async () => {
    const waiting = call(runner, 'A01', 'sleep 5000');
    await eventually(() => expect(host.services.calls.size).toBe(1));
    breaks(host.packageActor(STATION));
    expect(await waiting).toMatchObject({ status: 'ERROR', outcome: 'lost' });
    expect((await refusalOf(call(runner, 'A01'))).faultName).toBe('actor_failed');
    expect((await refusalOf(runner.start(STATION))).faultName).toBe('actor_failed');
    expect(runner.list().releases).toMatchObject([{ state: 'Stopped', reason: { name: 'actor_failed' } }]);
    expect(runner.problems).toMatchObject([{ faultName: 'actor_failed' }]);
    await runner.stop(STATION, { force: true });
    await runner.close();
  });

  test('of a route costs no call; the PID is activated anew', async () => {
    breaks(host.routeActor('A01'));
    expect(await call(runner, 'A01')).toMatchObject({ status: 'OK' });
    expect((await refusalOf(runner.confirm(['A01']))).faultName).toBe('actor_failed');
    expect((await refusalOf(runner.deactivate(['A01']))).faultName).toBe('actor_failed');
    await runner.activate(STATION, ['A01']);
    expect(await call(runner, 'A01')).toMatchObject({ status: 'OK' });
    await runner.deactivate(['A01']);
    await runner.close();
  });
});
