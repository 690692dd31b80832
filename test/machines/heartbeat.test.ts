import { describe, expect, test } from 'vitest';
import { heartbeatMachine } from '../../machines/index.js';
import { Rig } from '../support/machines/rig.js';

const INTERVAL_MS = 5_000;
const GRACE_MS = 2_000;
const PONG = { type: 'pong.received' };

const heartbeat = () => new Rig(heartbeatMachine, { timings: { pingIntervalMs: INTERVAL_MS, pongGraceMs: GRACE_MS } });
const said = (rig: Rig) => rig.reports.map(({ type, misses }) => (misses === undefined ? type : `${type} ${misses}`));

describe('the heartbeat', () => {
  test('asks for a ping once per interval, not earlier', () => {
    const rig = heartbeat().passes(INTERVAL_MS - 1);
    expect(said(rig)).toEqual([]);
    expect(said(rig.passes(1))).toEqual(['heartbeat.due']);
  });

  test('finds two misses in a row exactly at interval + 2 × grace (invariant 10)', () => {
    const rig = heartbeat().passes(INTERVAL_MS + 2 * GRACE_MS - 1);
    expect(said(rig)).toEqual(['heartbeat.due', 'heartbeat.missed 1', 'heartbeat.due']);
    expect(said(rig.passes(1)).slice(3)).toEqual(['heartbeat.missed 2', 'heartbeat.due']);
  });

  test('pings again at once after each miss, for as long as it takes', () => {
    const rig = heartbeat().passes(INTERVAL_MS + 10 * GRACE_MS);
    expect(said(rig).filter((line) => line === 'heartbeat.due')).toHaveLength(11);
    expect(said(rig).at(-2)).toBe('heartbeat.missed 10');
  });

  test('a pong in time is followed by a whole interval of rest', () => {
    const rig = heartbeat()
      .passes(INTERVAL_MS + GRACE_MS - 1)
      .send(PONG)
      .passes(INTERVAL_MS - 1);
    expect(said(rig)).toEqual(['heartbeat.due']);
    expect(said(rig.passes(1))).toEqual(['heartbeat.due', 'heartbeat.due']);
  });

  test('any pong is a sign of life, also one that answers an earlier ping', () => {
    const rig = heartbeat()
      .passes(INTERVAL_MS + GRACE_MS)
      .send(PONG);
    expect(rig.state()).toBe('Resting');
    expect(said(rig).at(-1)).toBe('heartbeat.recovered 1');
  });

  test('misses are forgotten once it recovered', () => {
    const rig = heartbeat()
      .passes(INTERVAL_MS + 3 * GRACE_MS)
      .send(PONG)
      .passes(INTERVAL_MS + GRACE_MS);
    expect(
      said(rig)
        .filter((line) => line.startsWith('heartbeat.missed'))
        .at(-1),
    ).toBe('heartbeat.missed 1');
  });

  test('a pong nobody asked for changes nothing', () => {
    const rig = heartbeat()
      .passes(1_000)
      .send(PONG)
      .passes(INTERVAL_MS - 1_000);
    expect(said(rig)).toEqual(['heartbeat.due']);
  });
});
