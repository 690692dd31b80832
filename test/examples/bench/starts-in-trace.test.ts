import { describe, expect, test } from 'vitest';
import { startsInTrace } from '../../../bench/harness/starts-in-trace.js';
import { openRecorder } from '../../../src/trace/index.js';
import { scratchFolder } from '../../support/own-folder.js';

const RELEASE = 'x@1';

/** What a trace says of the release, or of a PID when `before` is left out; `ms` after the record before it. */
interface Step {
  readonly ms: number;
  readonly event: string;
  readonly before?: string;
  readonly after: string;
  readonly release?: string;
}

function traceOf(steps: readonly Step[]): string {
  let ms = 0;
  const clock = { nowMs: () => ms, wallMs: () => Date.UTC(2026, 0, 1) + ms };
  const recorder = openRecorder({ folder: scratchFolder(), runnerVersion: '0', machines: {}, clock });
  for (const { ms: afterMs, event, before, after, release = RELEASE } of steps) {
    ms += afterMs;
    const [a, m] = before === undefined ? ['route/A01', 'route'] : [`package/${release}`, 'package'];
    recorder.record(recorder.kind({ a, m, e: event, b: before ?? 'Serving', f: after, d: [] }), '');
  }
  recorder.close();
  return recorder.file();
}

const ORDERED = { ms: 5, event: 'package.start', before: 'Stopped.Idle', after: 'Stopped.Requested' };
const RECORDED = {
  ms: 3,
  event: 'xstate.done.actor.recordWish',
  before: 'Stopped.Requested',
  after: 'Stopped.Starting',
};
const READY = { ms: 40, event: 'process.ready', before: 'Stopped.Starting', after: 'Running' };
const MARK = { ms: 7, event: 'flow.opened', after: 'Serving' };
const LOST = { ms: 4, event: 'process.ended', before: 'Running', after: 'Running.Restarting' };
const READY_AGAIN = { ms: 44, event: 'process.ready', before: 'Running.Restarting', after: 'Running' };

describe('starts of a release, by its trace', () => {
  test('a plain one counts from the spawn, not from the order or its record on the disk', async () => {
    expect(await startsInTrace(traceOf([ORDERED, RECORDED, READY]), RELEASE)).toEqual({ plain: [40], afterKill: [] });
  });

  test('one after a kill counts from the mark before it, the time until the loss was noticed included', async () => {
    const file = traceOf([ORDERED, RECORDED, READY, MARK, LOST, READY_AGAIN]);
    expect(await startsInTrace(file, RELEASE)).toEqual({ plain: [40], afterKill: [48] });
  });

  test('what other releases do counts for nothing', async () => {
    const file = traceOf([ORDERED, RECORDED, { ...READY, ms: 10, release: 'y@1' }, { ...READY, ms: 30 }]);
    expect(await startsInTrace(file, RELEASE)).toEqual({ plain: [40], afterKill: [] });
  });
});
