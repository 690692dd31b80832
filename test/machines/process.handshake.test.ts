import { describe, expect, test } from 'vitest';
import { fault } from '../../machines/index.js';
import {
  EXITED,
  GARBAGE,
  HELLO,
  PONG,
  aProcess,
  asked,
  lastReport,
  matching,
} from '../support/machines/process-rig.js';

describe('the handshake (contract §4)', () => {
  test("the Runner's hello follows the algorithm's at once, then info is asked for", () => {
    expect(asked(aProcess().tell(HELLO))).toEqual(['hello.send', 'info.send']);
  });

  test('an info that agrees makes it ready', () => {
    const rig = aProcess().tell(HELLO).tell({ type: 'info.received', mismatches: [] });
    expect(rig.state()).toBe('Running');
    expect(rig.reports).toEqual([{ type: 'process.ready', slot: 0 }]);
  });

  test('where info is not announced a pong makes it ready', () => {
    const rig = aProcess().tell({ ...HELLO, announcesInfo: false });
    expect(asked(rig)).toEqual(['hello.send', 'ping.send']);
    expect(rig.tell(PONG).state()).toBe('Running');
  });

  test('where info is announced a pong does not', () => {
    expect(aProcess().tell(HELLO).tell(PONG).state()).toBe('Confirming');
  });

  test('a hello without a protocol version is taken as ours', () => {
    expect(
      aProcess()
        .tell({ ...HELLO, protocol: null, sdkVersion: null })
        .state(),
    ).toBe('Confirming');
  });

  test('a protocol we do not speak is refused by its own fault', () => {
    const rig = aProcess()
      .tell({ ...HELLO, protocol: 2 })
      .tell(EXITED);
    expect(asked(rig)).toEqual(['shutdown.send']);
    expect(lastReport(rig)).toMatchObject({ type: 'process.ended', fault: { name: 'protocol_unsupported' } });
  });

  test('an info that disagrees is refused, naming what', () => {
    const rig = aProcess()
      .tell(HELLO)
      .tell({ type: 'info.received', mismatches: ['version'] })
      .tell(EXITED);
    expect(lastReport(rig)).toMatchObject({ fault: { name: 'info_mismatch', details: { mismatches: ['version'] } } });
  });

  test('an error frame before it is ready is a failed start with its message', () => {
    const raised = fault('algorithm_error', 'setup() raised: no GPU.');
    for (const hello of [[], [HELLO]]) {
      const rig = hello.reduce((soFar, event) => soFar.tell(event), aProcess());
      rig.tell({ type: 'start.refused', fault: raised });
      expect(rig.state()).toBe('Stopping');
      expect(lastReport(rig.tell(EXITED))).toMatchObject({ type: 'process.ended', fault: raised });
    }
  });

  test('an exit before it is ready is a failed start that quotes the exit', () => {
    for (const rig of [aProcess(), aProcess().tell(HELLO)])
      expect(lastReport(rig.tell(EXITED))).toMatchObject({
        fault: { name: 'start_failed', message: matching(/Code 1\./) },
      });
  });

  test('without a hello it is killed exactly at its deadline', () => {
    const rig = aProcess({ helloMs: 30_000 }).passes(29_999);
    expect(rig.state()).toBe('Starting');
    expect(asked(rig.passes(1))).toEqual(['SIGKILL']);
    expect(lastReport(rig.tell(EXITED))).toMatchObject({
      fault: { name: 'start_failed', message: matching(/hello within 30000 ms/) },
    });
  });

  test('without a confirmation it is killed exactly at its deadline', () => {
    const rig = aProcess({ confirmMs: 10_000 }).tell(HELLO).passes(9_999);
    expect(rig.state()).toBe('Confirming');
    expect(asked(rig.passes(1))).toContain('SIGKILL');
    expect(lastReport(rig.tell(EXITED))).toMatchObject({
      fault: { name: 'start_failed', message: matching(/10000 ms/) },
    });
  });

  test('the confirmation has no more time than its hello left of that since the spawn', () => {
    const rig = aProcess({ confirmMs: 10_000 })
      .tell({ ...HELLO, afterMs: 4_000 })
      .passes(5_999);
    expect(rig.state()).toBe('Confirming');
    expect(asked(rig.passes(1))).toContain('SIGKILL');
    const late = aProcess({ confirmMs: 10_000 }).tell({ ...HELLO, afterMs: 11_000 });
    expect(asked(late.passes(0))).toContain('SIGKILL');
  });

  test('garbage instead of frames is a protocol fault', () => {
    for (const rig of [aProcess(), aProcess().tell(HELLO)]) {
      expect(asked(rig.tell(GARBAGE))).toContain('SIGKILL');
      expect(lastReport(rig.tell(EXITED))).toMatchObject({ fault: { name: 'protocol_fault' } });
    }
  });
});
