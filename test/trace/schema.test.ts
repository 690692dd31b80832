import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readTraceHeader, traceLineJsonSchema } from '../../src/api/trace.js';
import { fatalShift } from './support/story.js';
import { readAll, scratchFolder } from './support/traces.js';

describe('the schema of a trace', async () => {
  const { file } = await fatalShift();
  const isLine = new Ajv2020({ strict: false, formats: { 'date-time': true } }).compile(traceLineJsonSchema());

  test('fits every line of a real one', () => {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    for (const line of lines) expect(isLine(JSON.parse(line)), line).toBe(true);
    expect(lines.length).toBeGreaterThan(100);
  });

  test.each([
    ['a header of another format', { trace: 3, run: 'x', part: 1, first_seq: 1, at_us: 0 }],
    ['a record without a kind', [12]],
    ['a record that takes time back', [-1, 0]],
    ['an end for another reason', { end: 'tired', last_seq: 1 }],
    ['a checksum that is none', { crc: 'xyz', bytes: 1 }],
  ])('does not fit %s', (_what, line) => {
    expect(isLine(line)).toBe(false);
  });

  test('is that of docs/schemas/trace.schema.json', () => {
    const documented = readFileSync(new URL('../../docs/schemas/trace.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(documented)).toEqual(traceLineJsonSchema());
  });
});

describe('a file of format 1', () => {
  test('is still read: a run of its own, numbered from one, each block with its own checksum', async () => {
    const block = (lines: string): string =>
      `${lines}{"crc":"${crc32(Buffer.from(lines)).toString(16).padStart(8, '0')}","bytes":${lines.length}}\n`;
    const file = join(scratchFolder(), '2026-01-01T00-00-00-000Z-7-001.trace.jsonl');
    const text = [
      block('{"trace":1,"started_at":"2026-01-01T00:00:00.000Z","runner":"0.1.0","machines":{"runner":"abc"}}\n'),
      block('{"k":0,"a":"runner","m":"runner","e":"x","b":null,"f":"Serving","d":["n"]}\n[1500,0,1]\n'),
      block('[500,0,2]\n'),
    ].join('');
    writeFileSync(file, text);
    const { records } = await readAll(file);
    expect(records.map(({ seq, atUs, data }) => [seq, atUs, data['n']])).toEqual([
      [1, 1500, 1],
      [2, 2000, 2],
    ]);
    expect(records[1]?.timeMs).toBe(Date.parse('2026-01-01T00:00:00.002Z'));
    const header = await readTraceHeader(file);
    expect(header).toMatchObject({ trace: 1, run: '2026-01-01T00-00-00-000Z-7-001', part: 1, first_seq: 1 });
    writeFileSync(file, text.replace('[500,0,2]', '[500,0,3]'));
    await expect(readAll(file)).rejects.toMatchObject({ faultName: 'store_corrupt', details: { block: 3 } });
  });
});
