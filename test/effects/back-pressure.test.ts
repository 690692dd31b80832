import { PassThrough, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { Outbox } from '../../src/effects/os-process/outbox.js';
import { DEFAULT_FRAME_BYTES_MAX } from '../../src/protocol/index.js';
import { startProcess } from './support/process-rig.js';

const MIB = 1024 * 1024;
const rssMiB = (): number => process.memoryUsage().rss / MIB;

describe('what waits to be read by a process', () => {
  const clogged = () => new Writable({ write: () => undefined });

  test('is bounded by one frame of the cap and some pings', () => {
    const outbox = new Outbox(clogged(), 1000);
    expect(outbox.write(Buffer.alloc(1000))).toBe(true);
    let taken = 1000;
    while (outbox.write(Buffer.alloc(100))) taken += 100;
    expect(outbox.waitingBytes).toBe(taken);
    expect(taken).toBeLessThanOrEqual(1000 + 64 * 1024);
    expect(outbox.write(Buffer.alloc(1000))).toBe(false);
  });

  test('is at least any one frame: nothing is refused while nothing waits', () => {
    expect(new Outbox(clogged(), 10).write(Buffer.alloc(1_000_000))).toBe(true);
  });

  test('goes on once it was read', async () => {
    const stdin = new PassThrough();
    const outbox = new Outbox(stdin, 1000);
    while (outbox.write(Buffer.alloc(10_000)));
    stdin.resume();
    await new Promise((resolve) => stdin.once('drain', resolve));
    expect(outbox.write(Buffer.alloc(10_000))).toBe(true);
  });

  test('is nothing once the stream broke', async () => {
    const stdin = clogged();
    const outbox = new Outbox(stdin, 1000);
    outbox.write(Buffer.alloc(100));
    stdin.destroy(new Error('EPIPE'));
    await new Promise((resolve) => stdin.once('close', resolve));
    expect(outbox.write(Buffer.alloc(100))).toBe(true);
    expect(outbox.waitingBytes).toBe(0);
  });
});

describe('a process that never reads its standard input', () => {
  test('and answers all the same is found out before it costs memory', async () => {
    const rig = await startProcess('never_reads').ready();
    const before = rssMiB();
    const userParams = { large: 'x'.repeat(DEFAULT_FRAME_BYTES_MAX / 4) };
    const outcomes: string[] = [];
    let fault;
    while (fault === undefined || fault === null) {
      const settled = await rig.call({ fields: { userParams } });
      outcomes.push(settled.outcome);
      fault = settled.fault;
      expect(outcomes.length).toBeLessThan(8);
    }
    expect(outcomes.at(-1)).toBe('lost');
    expect(fault).toMatchObject({ code: '3001', details: { last_call: { running: true } } });
    expect(fault.message).toMatch(/does not read its standard input: \d+ bytes/);
    expect(fault.details?.['unread_bytes']).toBeLessThanOrEqual(DEFAULT_FRAME_BYTES_MAX + 64 * 1024);
    expect(rssMiB() - before).toBeLessThan(64);
    expect(await rig.next('process.ended')).toMatchObject({ fault: { code: '3001' } });
  });

  test('and is asked to leave gets SIGTERM', async () => {
    const rig = await startProcess('never_reads', { timings: { shutdownMs: 100 } }).ready();
    expect(await rig.leave()).toMatchObject({ fault: null });
    expect(rig.events.seen('os.exited')).toMatchObject({ fault: { details: { signal: 'SIGTERM' } } });
  });

  test('while it hangs: the overdue call says how much of it was not read', async () => {
    const rig = await startProcess('hangs_when_called').ready();
    void rig.call({ deadlineMs: 10_000 });
    await rig.events.next('call.dispatched');
    const other = await startProcess('closes_stdin').ready();
    expect((await other.call({ deadlineMs: 50 })).fault?.details).not.toHaveProperty('unread_bytes');
    const stopped = await startProcess('behaves').ready();
    process.kill(stopped.osPid, 'SIGSTOP');
    const { fault } = await stopped.call({ deadlineMs: 50, fields: { userParams: { large: 'x'.repeat(0.75 * MIB) } } });
    expect(fault?.details?.['unread_bytes']).toBeGreaterThan(MIB);
  });
});

describe('both sides write at once', () => {
  test('and neither waits for the other: the Runner reads while it writes', async () => {
    const rig = await startProcess('talks_before_it_listens').ready();
    const before = rssMiB();
    const settled = await rig.call({ fields: { userParams: { large: 'x'.repeat(0.75 * MIB) } } });
    expect(settled).toMatchObject({ outcome: 'result' });
    if (settled.reply?.outcome !== 'result') throw new Error('no result');
    expect(settled.reply.data['bytes_read']).toBeGreaterThan(MIB);
    expect(rssMiB() - before).toBeLessThan(100);
  });
});

describe('a process that floods its standard output', () => {
  test.each([
    ['many small messages', 'floods_stdout', '64000'],
    ['some large ones', 'talks_before_it_listens', '{"talk_mb":100}'],
  ])('with %s nobody asked for breaks the protocol', async (_what, program, told) => {
    const rig = startProcess(program, { args: [told] });
    const before = rssMiB();
    await rig.ready();
    const { outcome, fault } = await rig.call({ fields: { userParams: {} } });
    expect({ outcome, fault }).toMatchObject({ outcome: 'lost', fault: { code: '3001' } });
    const ended = await rig.next('process.ended');
    expect(ended.fault?.message).toContain('floods its standard output');
    expect(rssMiB() - before).toBeLessThan(100);
    // What it did is in the log, but not once per message.
    expect(rig.lines.filter(({ level }) => level === 'warn').length).toBeLessThan(200);
  });
});

describe('a process that floods its log', () => {
  test.each([2, 200])('with lines of %d bytes holds nobody up', async (lineBytes) => {
    const args = [JSON.stringify({ line_bytes: lineBytes, flood_ms: 700 })];
    const rig = await startProcess('floods_log', { args }).ready();
    const other = await startProcess('behaves').ready();
    const before = rssMiB();
    let over = false;
    const flooding = rig.call().finally(() => (over = true));
    let answers = 0;
    while (!over) {
      expect(await other.call()).toMatchObject({ outcome: 'result' });
      answers += 1;
    }
    const { reply } = await flooding;
    expect(reply).toMatchObject({ outcome: 'result' });
    // Were each line read, the others would be held up until the flood is over: there would be a few answers.
    expect(answers).toBeGreaterThan(10);
    expect(rssMiB() - before).toBeLessThan(100);
    expect(rig.lines.length).toBeLessThan(5000);
    const said = (words: string): boolean => rig.lines.some(({ message }) => message.includes(words));
    await expect.poll(() => said('came too fast to be kept')).toBe(true);
    await expect.poll(() => said('the flood is over')).toBe(true);
  });
});
