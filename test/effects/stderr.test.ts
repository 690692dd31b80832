import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { readLogLines } from '../../src/effects/os-process/stderr-lines.js';
import type { LogLine } from '../../src/effects/os-process/stderr-lines.js';
import { startProcess } from './support/process-rig.js';

const LINE_BYTES_MAX = 64 * 1024;

/** What is made of a standard error that comes in these chunks. */
async function linesOf(...chunks: readonly (string | Buffer)[]): Promise<LogLine[]> {
  const stream = new PassThrough();
  const lines: LogLine[] = [];
  readLogLines(stream, (line) => lines.push(line));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await new Promise((resolve) => stream.once('close', resolve));
  return lines;
}

const said = { source: 'algorithm', fields: {} } as const;
const plain = (message: string) => ({ ...said, level: 'info', message, noted: { plain: true } });

describe('standard error becomes lines', () => {
  test('plain ones are kept as they are', async () => {
    expect(await linesOf('one\ntwo\r\n\nthree')).toEqual([plain('one'), plain('two'), plain('three')]);
  });

  test('wherever they are cut, in the middle of a character too', async () => {
    const bytes = Buffer.from('模型\nß 🔩\n');
    for (let at = 0; at <= bytes.length; at++)
      expect(await linesOf(bytes.subarray(0, at), bytes.subarray(at))).toEqual([plain('模型'), plain('ß 🔩')]);
  });

  test('JSON ones give level, message and fields', async () => {
    const line = { level: 'error', timestamp_ms: 5, message: 'no lamp', step: 2, nested: { a: [1] } };
    expect(await linesOf(`${JSON.stringify(line)}\n`)).toEqual([
      {
        ...{ level: 'error', message: 'no lamp', source: 'algorithm', noted: {} },
        fields: { timestamp_ms: 5, step: 2, nested: { a: [1] } },
      },
    ]);
  });

  test.each([
    ['debug', 'debug'],
    ['DEBUG', 'debug'],
    ['trace', 'debug'],
    ['info', 'info'],
    ['warning', 'warn'],
    ['WARN', 'warn'],
    ['ERROR', 'error'],
    ['critical', 'error'],
    ['fatal', 'error'],
    ['loud', 'info'],
    [40, 'info'],
    [undefined, 'info'],
  ])('the level %j is %s', async (level, read) => {
    expect(await linesOf(`${JSON.stringify({ level, message: 'x' })}\n`)).toMatchObject([{ level: read }]);
  });

  test.each(['{not json}', '{"level":"error"}', '{"message":7}', '["a","b"]', '{'])(
    '%s is a plain line',
    async (text) => {
      expect(await linesOf(`${text}\n`)).toEqual([plain(text)]);
    },
  );

  test('a line without its end is given out when the stream ends', async () => {
    expect(await linesOf('going on')).toEqual([plain('going on')]);
    expect(await linesOf()).toEqual([]);
  });
});

describe('a line is bounded', () => {
  test('what is over 64 KiB is skipped, and the line says how much', async () => {
    const [line, next, ...more] = await linesOf('x'.repeat(LINE_BYTES_MAX), 'y'.repeat(1000), '\nnext\n');
    const noted = { skipped_bytes: 1000 };
    expect(line).toEqual({ ...said, level: 'warn', message: 'x'.repeat(LINE_BYTES_MAX), noted });
    expect([next, more]).toEqual([plain('next'), []]);
  });

  test('exactly 64 KiB is a whole line', async () => {
    expect(await linesOf(`${'x'.repeat(LINE_BYTES_MAX)}\n`)).toEqual([plain('x'.repeat(LINE_BYTES_MAX))]);
  });

  test('a JSON line that is cut is a plain warning, not half an object', async () => {
    const [line] = await linesOf(`${JSON.stringify({ message: 'x'.repeat(LINE_BYTES_MAX) })}\n`);
    expect(line).toMatchObject({ level: 'warn', noted: { skipped_bytes: 14 } });
  });
});

describe('the standard error of a process', () => {
  test('goes to the log of its release, with the flow and PID of the call it belongs to', async () => {
    const rig = await startProcess('logs_when_called').ready();
    await rig.call();
    await rig.leave();
    const lines = rig.lines.filter(({ message }) => !message.startsWith('The process'));
    expect(lines).toEqual([
      { level: 'info', message: 'before hello', fields: { slot: 0, plain: true } },
      expect.objectContaining({
        level: 'warn',
        message: 'dark image',
        fields: expect.objectContaining({ fields: expect.objectContaining({ mean: 3 }) as object }) as object,
      }),
      expect.objectContaining({ message: 'a plain line' }),
    ]);
    expect(rig.lines.at(-1)).toMatchObject({ message: 'The process exited with code 0.' });
  });

  test('1 GiB in one line costs neither memory nor log, and the process serves', async () => {
    const before = process.memoryUsage().rss;
    const rig = await startProcess('floods_stderr', { args: ['1024'], timings: { helloMs: 25_000 } }).ready();
    expect(await rig.call()).toMatchObject({ outcome: 'result' });
    await rig.leave();
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    const logged = rig.lines.reduce((bytes, { message }) => bytes + message.length, 0);
    expect(logged).toBeLessThan(2 * LINE_BYTES_MAX);
    expect(rig.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: { slot: 0, skipped_bytes: 2 ** 30 - LINE_BYTES_MAX } }),
    );
    expect(rig.lines).toContainEqual(expect.objectContaining({ message: 'the line is over' }));
  });
});
