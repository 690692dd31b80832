import { describe, expect, test } from 'vitest';
import { EXITED, PONG, answered, asked, executing, lastReport, ready } from '../support/machines/process-rig.js';

describe('the heartbeat (contract §5)', () => {
  const quiet = { pingIntervalMs: 5_000, pongGraceMs: 2_000, executeMs: 60_000 };

  test('at rest the first missed pong is a warning, the second in a row ends the process', () => {
    const rig = ready(quiet).passes(5_000 + 2_000);
    expect(rig.state()).toBe('Running');
    expect(asked(rig).slice(-2)).toEqual(['ping.send', 'ping.send']);
    rig.passes(2_000);
    expect(rig.state()).toBe('Killing');
    expect(rig.reports.slice(1)).toMatchObject([{ type: 'process.leaving', slot: 0, fault: { name: 'timeout' } }]);
    expect(lastReport(rig.tell(EXITED))).toMatchObject({ type: 'process.ended', fault: { name: 'timeout' } });
  });

  test('a pong in between forgives the first miss', () => {
    const rig = ready(quiet).passes(7_000).tell(PONG).passes(7_000);
    expect(rig.state()).toBe('Running');
  });

  test('in a call pings go on, and misses never end it', () => {
    const rig = executing(quiet).passes(50_000);
    expect(rig.state()).toBe('Executing.Unresponsive');
    expect(asked(rig).filter((command) => command === 'ping.send').length).toBeGreaterThan(20);
    expect(rig.tell(answered(1)).state()).toBe('Running');
  });

  test('misses in a call do not count at rest', () => {
    const rig = executing(quiet).passes(20_000).tell(answered(1)).passes(2_000);
    expect(rig.state()).toBe('Running');
    expect(rig.passes(2_000).state()).toBe('Killing');
  });

  test('a pong in a call is a sign of life', () => {
    const rig = executing(quiet).passes(8_000).tell(PONG);
    expect(rig.state('heartbeat')).toBe('Resting');
    expect(rig.state()).toBe('Executing');
  });
});
