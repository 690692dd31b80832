import { describe, expect, test } from 'vitest';
import { PlainSeverity } from '../../src/effects/os-process/plain-severity.js';

const levels = (text: string): string[] => {
  const severity = new PlainSeverity();
  return text.split('\n').map((line) => severity.of(line));
};

describe('how bad a line of plain text is', () => {
  test.each([
    ['error', 'ERROR:lens:dirty'],
    ['error', '2026-11-30 12:00:00,123 lens CRITICAL dirty'],
    ['error', '[ERROR] dirty'],
    ['error', 'error: dirty'],
    ['error', 'E1130 12:00:00.123456 7 lens.cc:3] dirty'],
    ['error', 'ValueError: no image'],
    ['error', "terminate called after throwing an instance of 'std::bad_alloc'"],
    ['warn', '/lib/lens.py:3: DeprecationWarning: use focus()'],
    ['warn', '[ WARN:0@0.123] global cap.cpp:304 open VIDEOIO'],
    ['warn', 'WARNING - dirty'],
    ['debug', 'DEBUG:lens:focus 3'],
    ['info', 'INFO:lens:ready'],
    ['info', 'looked at 3 errors, 0 warnings'],
    ['info', 'the mean error is 0.3'],
    ['info', 'INFORMATION'],
    ['info', ''],
  ])('%s: %s', (level, line) => {
    expect(levels(line)).toEqual([level]);
  });

  test('a trace is an error from its first line to its last', () => {
    const trace =
      'Exception in thread worker:\nTraceback (most recent call last):\n  File "a.py", line 1, in f\n    f()\nlens.Dirty: wipe it\ngoing on';
    expect(levels(trace)).toEqual([...Array<string>(5).fill('error'), 'info']);
  });
});
