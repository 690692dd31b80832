import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Desk } from './support/command-line.js';
import { runInside } from './support/run-inside.js';

/** Logs of two releases, one of them rotated once and cut short by a crash. */
const commandLine = new Desk();
afterAll(() => commandLine.remove());

const line = (time: number, message: string, more: object = {}): string =>
  `${JSON.stringify({ level: 'info', time, message, ...more })}\n`;

function write(release: string, file: string, text: string): void {
  const path = commandLine.path('logs', 'algorithms', ...release.split('@'), file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const a = { release: 'a@1' };
const b = { release: 'b@2' };
write('a@1', 'algorithm.jsonl.1', line(10, 'a first', a) + line(30, 'a second', { ...a, level: 'warn' }));
write('a@1', 'algorithm.jsonl', `${line(50, 'a third', { ...a, session_id: 'f-1', pid: 'A01' })}{"level":"er`);
write(
  'b@2',
  'algorithm.jsonl',
  line(20, 'b first', { ...b, level: 'error', session_id: 'f-2', pid: 'A02' }) +
    line(40, 'b second', { ...b, level: 'debug', step: 3 }),
);

interface Entry {
  readonly message: string;
}
const messages = async (...words: string[]): Promise<string[]> =>
  (await runInside(['logs', ...words, '--json', '--store', commandLine.folder]))
    .json<Entry[]>()
    .map(({ message }) => message);

describe('logs', () => {
  it('of every release come in the order of their time, rotated files included', async () => {
    expect(await messages()).toEqual(['a first', 'b first', 'a second', 'b second', 'a third', '{"level":"er']);
  });

  it('of one release come alone', async () => {
    expect(await messages('b@2')).toEqual(['b first', 'b second']);
  });

  it('from a level on leave out what is less serious', async () => {
    expect(await messages('--level', 'warn')).toEqual(['b first', 'a second']);
    expect(await messages('--level', 'error')).toEqual(['b first']);
  });

  it('of a flow or of a product id hold only its lines', async () => {
    expect(await messages('--flow', 'f-1')).toEqual(['a third']);
    expect(await messages('--pid', 'A02')).toEqual(['b first']);
  });

  it('end with the last so many lines on request', async () => {
    expect(await messages('b@2', '--tail', '1')).toEqual(['b second']);
    expect(await messages('b@2', '--tail', '9')).toEqual(['b first', 'b second']);
  });

  it('are printed with time, level, release, message and fields; a damaged line as it is', async () => {
    const { stdout } = await runInside(['logs', '--store', commandLine.folder]);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[3]).toBe('1970-01-01T00:00:00.040Z debug -         b@2 step=3 | b second');
    expect(lines[5]).toContain('{"level":"er');
  });

  it('that nobody wrote are an empty list', async () => {
    expect(await messages('--pid', 'A02', '--level', 'error', '--flow', 'f-1')).toEqual([]);
    expect(await messages('--flow', 'f-9')).toEqual([]);
  });

  it('say when as ISO 8601, and nothing where a line is damaged', async () => {
    const { json } = await runInside(['logs', '--json', '--store', commandLine.folder]);
    const times = json<{ time: string | null }[]>().map(({ time }) => time);
    expect(times[0]).toBe('1970-01-01T00:00:00.010Z');
    expect(times.at(-1)).toBeNull();
  });

  it('of something that is no release are refused, whatever path it looks like', async () => {
    for (const release of ['c@1', '../a@1', 'a@..']) {
      const { code, stderr } = await runInside(['logs', release, '--store', commandLine.folder]);
      expect(code).toBe(1);
      expect(stderr).toContain('3011 release_not_found');
    }
  });
});
