import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LogFlood } from '../../src/effects/os-process/log-flood.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What is passed on, as text, with `[n]` where n bytes were skipped. */
function flood() {
  let text = '';
  const log = new LogFlood({
    onBytes: (bytes) => (text += bytes.toString()),
    onSkipped: (bytes) => (text += `[${bytes}]`),
  });
  return {
    says: (words: string) => log.push(Buffer.from(words)),
    ends: () => log.end(),
    get text() {
      return text;
    },
  };
}
const BURST = 'x\n'.repeat(1000);

describe('lines that come too fast', () => {
  test('do not lose a byte as long as they are within the budget', () => {
    const log = flood();
    log.says('he');
    log.says('llo\n\nwor');
    log.says('ld\n');
    log.says(BURST.slice(0, 990 * 2));
    expect(log.text).toBe(`hello\n\nworld\n${BURST.slice(0, 990 * 2)}`);
  });

  test('are skipped, counted, and their end is kept', () => {
    const log = flood();
    log.says(BURST);
    log.says('y'.repeat(9999) + '\n');
    log.says('last words\n');
    expect(log.text).toBe(BURST);
    log.ends();
    expect(log.text).toBe(`${BURST}[10000]last words\n`);
  });

  test('are read again half a second later, whether or not more of them come', () => {
    const log = flood();
    log.says(BURST);
    log.says('lost\n'.repeat(1000));
    vi.advanceTimersByTime(499);
    log.says('too early\n');
    expect(log.text).toBe(BURST);
    vi.advanceTimersByTime(1);
    expect(log.text).toMatch(/x\n\[\d+\]\n*(lost\n)+too early\n$/);
    log.says('in time\n'.repeat(400));
    expect(log.text.endsWith('too early\n' + 'in time\n'.repeat(400))).toBe(true);
  });

  test('never are glued to what came before: a line that is cut ends where it is cut', () => {
    const log = flood();
    log.says(BURST);
    log.says('begun');
    log.says(' and never finished\n' + 'z\n'.repeat(2000) + 'the end');
    log.ends();
    expect(log.text).toMatch(/x\nbegun\n\[\d+\]/);
    expect(log.text.endsWith('z\nthe end')).toBe(true);
  });

  test('count to the byte, however they are cut', () => {
    const words = Array.from({ length: 5000 }, (_, i) => `line ${i}\n`).join('');
    for (const size of [1, 7, 100, 4096, words.length]) {
      const log = flood();
      for (let at = 0; at < words.length; at += size) log.says(words.slice(at, at + size));
      log.ends();
      const [before = '', skipped, after = ''] = log.text.split(/\[(\d+)\]/);
      const counted = before.length + Number(skipped) + after.length;
      expect([0, 1]).toContain(counted - words.length); // one more where a line was cut, and ended
      expect(words.startsWith(before.slice(0, -1))).toBe(true);
      expect(words.endsWith(after)).toBe(true);
      expect(log.text.endsWith('line 4999\n')).toBe(true);
    }
  });

  test('without an end are one line, which is cut elsewhere', () => {
    const log = flood();
    for (let i = 0; i < 100; i++) log.says('x'.repeat(1000));
    expect(log.text.length).toBe(100_000);
  });
});
