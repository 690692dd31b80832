import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { refusalOf } from '../store/support/refusal.js';
import { readTrace } from '../../src/trace/index.js';
import { KIND, readAll, recorderIn, scratchFolder, traceFiles } from './support/traces.js';

const BLOCK_BYTES = 64 * 1024;

describe('what was recorded is read back', () => {
  test('record by record, in order, with names for its values', async () => {
    const recorder = recorderIn(scratchFolder());
    const call = recorder.kind({ ...KIND, d: ['callId', 'pid'] });
    const begin = recorder.kind({ ...KIND, e: 'xstate.init', b: null, f: 'Recalling', d: [] });
    recorder.record(begin, '');
    recorder.record(call, ',7,"A01"');
    recorder.record(call, ',8,"B \\"2\\""');
    recorder.close();
    const { records, header } = await readAll(recorder.file());
    expect(header).toMatchObject({
      ...{ trace: 2, run: recorder.run, part: 1, first_seq: 1, at_us: 0 },
      ...{ runner: '0.1.0', machines: { package: 'abcdef012345' } },
    });
    expect(new Date(header.started_at).getTime()).toBeGreaterThan(0);
    expect(records.map(({ atUs: _when, timeMs: _at, ...record }) => record)).toEqual([
      {
        seq: 1,
        actor: 'package/x@1',
        machine: 'package',
        event: 'xstate.init',
        data: {},
        before: null,
        after: 'Recalling',
      },
      {
        seq: 2,
        actor: 'package/x@1',
        machine: 'package',
        event: 'call.requested',
        data: { callId: 7, pid: 'A01' },
        before: 'Running',
        after: 'Executing',
      },
      expect.objectContaining({ seq: 3, data: { callId: 8, pid: 'B "2"' } }),
    ]);
    expect(recorder.count()).toBe(3);
  });

  test('with times that never go backwards', async () => {
    const recorder = recorderIn(scratchFolder());
    const kind = recorder.kind(KIND);
    for (let i = 0; i < 1000; i++) recorder.record(kind, `,${i}`);
    recorder.close();
    const { records } = await readAll(recorder.file());
    const times = records.map(({ atUs }) => atUs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.every(Number.isSafeInteger)).toBe(true);
  });

  test('whatever characters it holds', async () => {
    const odd = ['\u2028', '\u2029', '\u0085', '\r\n', '\u0000', '\ud800', '螺丝 🔩', '"\\'];
    const recorder = recorderIn(scratchFolder());
    const kind = recorder.kind({ ...KIND, a: 'route/线 A 1', d: ['text'] });
    for (const text of odd) recorder.record(kind, `,${JSON.stringify(text)}`);
    recorder.close();
    const { records } = await readAll(recorder.file());
    expect(records.map(({ data }) => data['text'])).toEqual(odd);
    expect(records[0]?.actor).toBe('route/线 A 1');
  });

  test('however long it is', async () => {
    const recorder = recorderIn(scratchFolder(), { fileBytesMax: 64 * 1024 * 1024 });
    const kind = recorder.kind(KIND);
    const long = [10, 40_000, 50_000, 1_000_000, 10].map((length) => 'x'.repeat(length));
    for (const text of long) recorder.record(kind, `,${JSON.stringify(text)}`);
    recorder.close();
    const { records } = await readAll(recorder.file());
    expect(records.map(({ data }) => (data['callId'] as string).length)).toEqual(long.map(({ length }) => length));
  });
});

describe('a record costs little', () => {
  test('what repeats is written once per file', () => {
    const recorder = recorderIn(scratchFolder());
    const kind = recorder.kind(KIND);
    for (let i = 0; i < 100; i++) recorder.record(kind, `,${i}`);
    recorder.close();
    const text = readFileSync(recorder.file(), 'utf8');
    expect(text.split('call.requested')).toHaveLength(2);
  });

  test('none is written before there is a block of them', () => {
    const recorder = recorderIn(scratchFolder());
    const kind = recorder.kind(KIND);
    const header = statSync(recorder.file()).size;
    recorder.record(kind, ',1');
    expect(statSync(recorder.file()).size).toBe(header);
    for (let i = 0; i < BLOCK_BYTES / 8; i++) recorder.record(kind, `,${i}`);
    expect(statSync(recorder.file()).size).toBeGreaterThan(BLOCK_BYTES);
    recorder.close();
  });

  test('but 100 ms later it is, without anybody asking', async () => {
    const recorder = recorderIn(scratchFolder());
    const header = statSync(recorder.file()).size;
    recorder.record(recorder.kind(KIND), ',1');
    await expect.poll(() => statSync(recorder.file()).size, { timeout: 2000, interval: 10 }).toBeGreaterThan(header);
    expect((await readAll(recorder.file())).records).toHaveLength(1);
    recorder.close();
  });
});

describe('a file that somebody or something changed', () => {
  /** A file of several blocks, brought to its end. */
  function severalBlocks(): { file: string; first: number } {
    const recorder = recorderIn(scratchFolder());
    const kind = recorder.kind(KIND);
    for (let i = 0; i < 5; i++) recorder.record(kind, `,${i}`);
    recorder.flush();
    const first = statSync(recorder.file()).size;
    recorder.record(kind, ',99');
    recorder.close();
    return { file: recorder.file(), first };
  }

  test('a changed byte is found wherever it is, and the file, the block and the line are named', async () => {
    const { file } = severalBlocks();
    const sound = readFileSync(file);
    const lines = sound.toString().split('\n');
    const blocks = lines.filter((line) => line.startsWith('{"crc"')).length;
    for (const mask of [0x01, 0x02, 0x80])
      for (let at = 0; at < sound.length; at++) {
        const changed = Buffer.from(sound);
        changed[at] = (changed[at] ?? 0) ^ mask;
        writeFileSync(file, changed);
        const refusal = await refusalOf(readAll(file));
        expect(refusal, `byte ${at}`).toMatchObject({ code: '3018', faultName: 'store_corrupt', details: { file } });
        const { block, line } = refusal.details as { block: number; line: number };
        const damaged = sound.subarray(0, at).toString().split('\n{"crc"').length;
        // A damaged block end is found with the block it ends or, when it is none any more, with the next.
        expect([damaged - 1, damaged, damaged + 1], `byte ${at}`).toContain(block);
        expect(block).toBeLessThanOrEqual(blocks);
        expect(line).toBeLessThanOrEqual(lines.length + 1);
      }
  });

  test('a changed digit in a record breaks the checksum of its block, and none of its records is given', async () => {
    const { file, first } = severalBlocks();
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text.slice(0, first)}${text.slice(first).replace('99', '98')}`);
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const { data } of readTrace(file)) seen.push(data['callId']);
    })();
    await expect(reading).rejects.toThrow(/block 3, ends a block that does not match its checksum/);
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });

  test('a block taken away, or put elsewhere, is found', async () => {
    const { file } = severalBlocks();
    const blocks = readFileSync(file, 'utf8').split(/(?<=^\{"crc".*\n)/m);
    expect(blocks).toHaveLength(4);
    for (let at = 0; at < blocks.length - 1; at++) {
      writeFileSync(file, blocks.filter((_block, i) => i !== at).join(''));
      await expect(readAll(file), `block ${at + 1}`).rejects.toMatchObject({ code: '3018' });
    }
    const [header = '', one = '', two = '', end = ''] = blocks;
    writeFileSync(file, [header, two, one, end].join(''));
    await expect(readAll(file)).rejects.toMatchObject({ code: '3018' });
  });

  test('a line taken away is found', async () => {
    const { file } = severalBlocks();
    const lines = readFileSync(file, 'utf8').split('\n');
    for (let at = 0; at < lines.length - 2; at++) {
      writeFileSync(file, lines.filter((_line, i) => i !== at).join('\n'));
      await expect(readAll(file), `line ${at + 1}`).rejects.toMatchObject({ code: '3018' });
    }
  });

  test.each([
    ['an empty file', ''],
    ['some other text', 'hello\nworld\n'],
    ['some other JSON', '{"a":1}\n'],
    ['a trace of a version to come', '{"trace":99,"started_at":"x","runner":"1","machines":{}}\n'],
  ])('%s is no trace', async (_what, text) => {
    const file = join(scratchFolder(), 'x.trace.jsonl');
    writeFileSync(file, text);
    await expect(readAll(file)).rejects.toMatchObject({ code: '3018' });
  });

  test('a file that is not there is refused as such', async () => {
    await expect(readAll(join(scratchFolder(), 'none.trace.jsonl'))).rejects.toMatchObject({ name: 'RunnerError' });
  });
});

describe('a file whose writer was killed', () => {
  test('is read as far as its whole lines go, wherever it ends', async () => {
    const recorder = recorderIn(scratchFolder());
    const kind = recorder.kind(KIND);
    for (let i = 0; i < 10; i++) recorder.record(kind, `,${i}`);
    recorder.close();
    const whole = readFileSync(recorder.file());
    const headerEnd = whole.indexOf(10) + 1;
    for (let bytes = whole.length; bytes >= headerEnd; bytes--) {
      truncateSync(recorder.file(), bytes);
      const lines = whole.subarray(0, bytes).toString().split('\n').slice(0, -1);
      const written = lines.filter((line) => line.startsWith('[')).length;
      const { records } = await readAll(recorder.file());
      expect(records.length, `cut at ${bytes}`).toBe(written);
      expect(records.map(({ data }) => data['callId'])).toEqual(records.map((_record, i) => i));
    }
  });

  test('a torn line with more after it is no torn line', async () => {
    const recorder = recorderIn(scratchFolder());
    recorder.record(recorder.kind(KIND), ',1');
    recorder.close();
    appendFileSync(recorder.file(), '[12,0,"half\n[5,0,2]\n');
    await expect(readAll(recorder.file())).rejects.toMatchObject({ code: '3018' });
  });
});

describe('limits', () => {
  test('a file ends near its limit and the next one begins, each readable by itself', async () => {
    const folder = scratchFolder();
    const limit = 3 * BLOCK_BYTES;
    const recorder = recorderIn(folder, { fileBytesMax: limit });
    const kind = recorder.kind(KIND);
    for (let i = 0; i < 60_000; i++) recorder.record(kind, `,${i}`);
    recorder.close();
    const files = traceFiles(folder);
    expect(files.length).toBeGreaterThan(2);
    const read: unknown[] = [];
    for (const file of files) {
      expect(statSync(file).size).toBeLessThan(limit + 2 * BLOCK_BYTES);
      const { records, header } = await readAll(file);
      expect(header.trace).toBe(2);
      read.push(...records.map(({ data }) => data['callId']));
    }
    expect(read).toEqual(Array.from({ length: 60_000 }, (_, i) => i));
    expect(recorder.file()).toBe(files.at(-1));
  });

  test('a record that ends a file and begins the next is declared in the file it is in', async () => {
    const folder = scratchFolder();
    const recorder = recorderIn(folder, { fileBytesMax: 1000 });
    const kind = recorder.kind(KIND);
    for (const length of [10, 30_000, 45_000, 20, 30_000, 30_000, 10])
      recorder.record(kind, `,"${'x'.repeat(length)}"`);
    recorder.close();
    const lengths: number[] = [];
    for (const file of traceFiles(folder)) {
      const { records } = await readAll(file);
      lengths.push(...records.map(({ data }) => (data['callId'] as string).length));
    }
    expect(lengths).toEqual([10, 30_000, 45_000, 20, 30_000, 30_000, 10]);
  });

  test('the folder holds no more bytes than it may, those of earlier runs included, and nothing else is touched', () => {
    const folder = scratchFolder();
    const old = join(folder, '2020-01-01T00-00-00-000Z-1.trace.jsonl');
    const other = join(folder, 'notes.txt');
    writeFileSync(old, '{"end":"closed","last_seq":0}\n{"crc":"00000000","bytes":0}\n');
    writeFileSync(other, '');
    const recorder = recorderIn(folder, { fileBytesMax: BLOCK_BYTES, bytesMax: 4 * BLOCK_BYTES });
    const kind = recorder.kind(KIND);
    for (let i = 0; i < 60_000; i++) recorder.record(kind, `,${i}`);
    recorder.close();
    const files = traceFiles(folder);
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    expect(bytes).toBeLessThan(4 * BLOCK_BYTES + BLOCK_BYTES);
    expect(bytes).toBeGreaterThan(2 * BLOCK_BYTES);
    expect(files).toContain(other);
    expect(files).not.toContain(old);
    expect(files).toContain(recorder.file());
  });

  test('a Runner opened at the same moment, as far as the clock goes, has files of its own', async () => {
    const folder = scratchFolder();
    const clock = { nowMs: () => 0, wallMs: () => 1_700_000_000_000 };
    for (const id of [1, 2]) {
      const recorder = recorderIn(folder, { clock });
      recorder.record(recorder.kind(KIND), `,${id}`);
      recorder.close();
      expect((await readAll(recorder.file())).records.map(({ data }) => data['callId'])).toEqual([id]);
    }
    expect(traceFiles(folder)).toHaveLength(2);
  });

  test('the file being written is never removed, even if its name sorts before all others', () => {
    const folder = scratchFolder();
    for (const year of [2098, 2099]) writeFileSync(join(folder, `${year}-01-01T00-00-00-000Z-1.0001.trace.jsonl`), '');
    const recorder = recorderIn(folder, { bytesMax: 1 });
    recorder.record(recorder.kind(KIND), ',1');
    recorder.close();
    expect(traceFiles(folder)).toContain(recorder.file());
  });
});
