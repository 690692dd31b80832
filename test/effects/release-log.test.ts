import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openReleaseLog } from '../../src/effects/index.js';
import type { RunnerError } from '../../src/base/errors/index.js';
import { eventually } from '../support/eventually.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'procvision-log-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const linesIn = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const fileOf = (...parts: string[]): string => join(folder, ...parts, 'algorithm.jsonl');

describe('the log of a release', () => {
  test('is JSON lines with time, level, message and release, readable as soon as they are written', () => {
    const log = openReleaseLog(fileOf('stub', '1.0.0'), 'stub@1.0.0');
    log.write('error', 'no lamp', { session_id: 'flow-1', pid: 'A01', step: 2 });
    const [line] = linesIn(fileOf('stub', '1.0.0'));
    expect(line).toMatchObject({
      level: 'error',
      message: 'no lamp',
      release: 'stub@1.0.0',
      session_id: 'flow-1',
      pid: 'A01',
      step: 2,
    });
    expect(Math.abs(Date.now() - (line?.['time'] as number))).toBeLessThan(60_000);
    log.close();
  });

  test('an algorithm cannot pass its own fields off as what the Runner knows of a line', () => {
    const log = openReleaseLog(fileOf(), 'stub@1.0.0');
    const forged = {
      ...{ time: 1, level: 'error', message: 'y', release: 'other@9', source: 'runner', fields: { a: 1 } },
      ...{ pid: 'B02', session_id: 'f-9', slot: 7, os_pid: 1, plain: true, skipped_bytes: 9 },
    };
    const fields = JSON.parse(`{"__proto__":{"pid":"B02"},${JSON.stringify(forged).slice(1)}`) as object;
    const facts = { slot: 0, session_id: 'f-1', pid: 'A01' };
    log.relay({ level: 'info', message: 'x', source: 'algorithm', fields: { ...fields }, noted: {} }, facts);
    log.close();
    const [{ time, fields: said, ...line } = {}] = linesIn(fileOf());
    expect(line).toEqual({ ...facts, level: 'info', message: 'x', release: 'stub@1.0.0', source: 'algorithm' });
    expect(said).toMatchObject(forged);
    expect(Math.abs(Date.now() - Number(time))).toBeLessThan(60_000);
  });

  test('no separator that another reader takes for the end of a line stands in one', () => {
    const log = openReleaseLog(fileOf(), 'stub@1.0.0');
    const message = 'a\u2028{"level":"error","release":"other@9"}\u2029\u0085\r\nb';
    log.relay({ level: 'info', message, source: 'algorithm', fields: { message }, noted: {} }, {});
    log.close();
    expect(readFileSync(fileOf(), 'utf8')).not.toMatch(/[\u2028\u2029\u0085\r]/);
    expect(linesIn(fileOf())).toMatchObject([{ message, fields: { message } }]);
  });

  test('never holds what goes by the name of a secret', () => {
    const log = openReleaseLog(fileOf(), 'stub@1.0.0');
    const fields = { password: 'hunter2', token: 'hunter2', api_key: 'hunter2', user: 'me' };
    log.relay({ level: 'info', message: 'connected', source: 'algorithm', fields, noted: {} }, {});
    log.close();
    expect(readFileSync(fileOf(), 'utf8')).not.toContain('hunter2');
    expect(linesIn(fileOf())).toMatchObject([{ fields: { user: 'me' } }]);
  });

  test('survives fields made to break its writer', () => {
    const log = openReleaseLog(fileOf(), 'stub@1.0.0');
    const deep: unknown = JSON.parse('['.repeat(30_000) + ']'.repeat(30_000));
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    log.write('info', 'deep', { deep });
    log.write('info', 'circle', { circle });
    log.write('info', 'after');
    log.close();
    expect(linesIn(fileOf()).map(({ message }) => message)).toEqual(['deep', 'circle', 'after']);
  });

  test('goes on where an earlier Runner left it', () => {
    for (const message of ['first', 'second']) {
      const log = openReleaseLog(fileOf(), 'stub@1.0.0');
      log.write('info', message);
      log.close();
    }
    expect(linesIn(fileOf()).map(({ message }) => message)).toEqual(['first', 'second']);
  });
});

describe('its size', () => {
  const LIMIT = 10_000;

  test('stays within its limit and one predecessor, and no line is torn', async () => {
    const log = openReleaseLog(fileOf(), 'stub@1.0.0', { bytesMax: LIMIT });
    for (let i = 0; i < 1000; i++) {
      log.write('info', 'x'.repeat(100), { i });
      if (i % 100 === 0) await setImmediate(); // a real log does not rotate several times within one turn
    }
    log.close();
    expect(statSync(fileOf()).size).toBeLessThan(LIMIT + 300);
    expect(statSync(`${fileOf()}.1`).size).toBeLessThan(LIMIT + 300);
    const numbers = [...linesIn(`${fileOf()}.1`), ...linesIn(fileOf())].map(({ i }) => i);
    expect(numbers.at(-1)).toBe(999);
    expect(numbers).toEqual(numbers.map((_number, at) => (numbers[0] as number) + at));
  });

  test('counts what was there before', () => {
    const first = openReleaseLog(fileOf(), 'stub@1.0.0', { bytesMax: LIMIT });
    while (statSync(fileOf()).size < LIMIT - 200) first.write('info', 'x'.repeat(100));
    first.close();
    const second = openReleaseLog(fileOf(), 'stub@1.0.0', { bytesMax: LIMIT });
    for (let i = 0; i < 3; i++) second.write('info', 'x'.repeat(100));
    second.close();
    expect(statSync(`${fileOf()}.1`).size).toBeGreaterThan(LIMIT - 200);
  });

  test('is at most twice its limit where it cannot be rotated, and what is dropped is told', () => {
    const losses: RunnerError[] = [];
    const log = openReleaseLog(fileOf(), 'stub@1.0.0', { bytesMax: LIMIT, onLoss: (error) => losses.push(error) });
    mkdirSync(`${fileOf()}.1`);
    mkdirSync(join(`${fileOf()}.1`, 'in the way'));
    for (let i = 0; i < 1000; i++) log.write('info', 'x'.repeat(100), { i });
    log.close();
    expect(statSync(fileOf()).size).toBeLessThan(2 * LIMIT + 300);
    expect(losses).toMatchObject([{ code: '3026' }]);
  });
});

describe('a disk that refuses', () => {
  const LAID: readonly (readonly [what: string, lay: (path: string) => void])[] = [
    ['a folder', (path) => mkdirSync(path, { recursive: true })],
    ['a named pipe', (path) => (mkdirSync(join(path, '..'), { recursive: true }), execFileSync('mkfifo', [path]))],
    ['a full device', (path) => (mkdirSync(join(path, '..'), { recursive: true }), symlinkSync('/dev/full', path))],
    ['a file in place of the folder', (path) => writeFileSync(join(path, '..'), 'x')],
  ];

  test.each(LAID)('(%s in its place) costs lines, tells once, and never throws', (_what, lay) => {
    const path = fileOf('stub');
    lay(path);
    const losses: RunnerError[] = [];
    const log = openReleaseLog(path, 'stub@1.0.0', { onLoss: (error) => losses.push(error) });
    for (let i = 0; i < 100; i++) log.write('info', 'x');
    log.close();
    expect(losses).toMatchObject([{ faultName: 'log_interrupted', details: { file: path } }]);
  });

  test('and then takes lines again finds out how many are missing', async () => {
    writeFileSync(join(folder, 'stub'), 'x');
    const log = openReleaseLog(fileOf('stub'), 'stub@1.0.0');
    for (let i = 0; i < 7; i++) log.write('info', 'x');
    rmSync(join(folder, 'stub'));
    await eventually(() => {
      log.write('info', 'here again');
      expect(linesIn(fileOf('stub')).at(-1)).toMatchObject({ message: 'here again' });
    });
    log.close();
    const [first] = linesIn(fileOf('stub'));
    expect(first).toMatchObject({ level: 'warn', release: 'stub@1.0.0' });
    expect(first?.['lost_lines']).toBeGreaterThanOrEqual(7);
  });

  test('never leads to a file that a link names', () => {
    writeFileSync(join(folder, 'victim'), 'precious');
    symlinkSync(join(folder, 'victim'), fileOf());
    const log = openReleaseLog(fileOf(), 'stub@1.0.0');
    log.write('info', 'x');
    log.close();
    expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('precious');
  });

  test('a log that was removed meanwhile is begun anew', async () => {
    const log = openReleaseLog(fileOf('stub'), 'stub@1.0.0');
    log.write('info', 'before');
    rmSync(join(folder, 'stub'), { recursive: true });
    await eventually(() => {
      log.write('info', 'after');
      expect(linesIn(fileOf('stub')).at(-1)).toMatchObject({ message: 'after' });
    });
    log.close();
  });
});

test('a line that comes after the log was closed is dropped', () => {
  const log = openReleaseLog(fileOf(), 'stub@1.0.0');
  log.write('info', 'before');
  log.close();
  log.write('info', 'after');
  expect(linesIn(fileOf()).map(({ message }) => message)).toEqual(['before']);
});
