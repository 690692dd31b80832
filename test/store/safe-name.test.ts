import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { isSafeFileName } from '../../src/base/files/index.js';
import { storeLayout } from '../../src/store/index.js';
import { RunnerError } from '../../src/base/errors/index.js';

describe('names that become file names', () => {
  it.each(['A01', 'screw-check', '1.0', '2.0.0-rc.1+build.5', 'Größe 12', '产品一', 'com10', 'nullable', 'a..b'])(
    'accepts %j',
    (name) => expect(isSafeFileName(name)).toBe(true),
  );

  it.each([
    ...['', '.', '..', '../A01', 'a/b', 'a\\b', '/etc', 'C:', '.hidden', 'a\0b', 'a\nb', 'a\u007fb', 'a\u0085b'],
    ...['a\u202eb', 'a\u200bb', 'a\ud800b', ' a', 'a ', 'a.', 'a?', 'a*', 'a|b', 'a"b', 'a<b', 'a>b', 'a:b'],
    ...[
      'con',
      'CON',
      'nul.json',
      'Aux.1',
      'com1',
      'com¹',
      'lpt9.txt',
      'prn',
      'e\u0301',
      'x'.repeat(129),
      'é'.repeat(65),
    ],
  ])('refuses %j', (name) => expect(isSafeFileName(name)).toBe(false));

  it('keeps every path inside its folder, whatever the PID', () => {
    const layout = storeLayout('/store');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (pid) => {
        try {
          expect(layout.route(pid)).toBe(join('/store/active', `${pid}.json`));
          expect(join(layout.route(pid), '..')).toBe('/store/active');
        } catch (error) {
          if (!(error instanceof RunnerError)) throw error;
          expect(error.faultName).toBe('invalid_pid');
        }
      }),
      { numRuns: 200 },
    );
  });

  it('says what is wrong with a name, and with which one', () => {
    const layout = storeLayout('/store');
    expect(() => layout.deployment('screw', '../..')).toThrow(/version "\.\.\/\.\."/);
    expect(() => layout.deployment('con', '1.0')).toThrow(/device name on Windows/);
    expect(() => layout.zip('a\nb.zip')).toThrow(RunnerError);
  });
});
