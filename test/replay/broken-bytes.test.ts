import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { replay } from '../../src/api/trace.js';
import { RunnerError } from '../../src/index.js';
import { seed } from '../support/machines/seed.js';
import { scratchFolder } from '../support/own-folder.js';
import { encodeTrace } from './recorded/support/encode-trace.js';
import { historyFile, readHistoryFile } from './recorded/support/histories.js';

const NAME = 'recovered-after-a-kill';
const bytes = readFileSync(historyFile(NAME));
const file = join(scratchFolder(), 'changed.trace.jsonl');

describe('a trace with a changed byte', () => {
  test('is refused by its block, whatever byte it is', async () => {
    const change = fc.record({ at: fc.nat(bytes.length - 1), by: fc.integer({ min: 1, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, by }) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ by;
        writeFileSync(file, changed);
        const failure: unknown = await replay(file).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(RunnerError);
        expect(failure).toMatchObject({
          faultName: 'store_corrupt',
          message: expect.stringContaining('lock') as string,
        });
      }),
      { numRuns: 100, seed },
    );
  });
});

describe('a trace written anew with right checksums', () => {
  test('replays exactly as it was', async () => {
    const { header, records } = await readHistoryFile(historyFile(NAME));
    writeFileSync(file, encodeTrace(header, records));
    expect(await replay(file)).toMatchObject({ isExact: true, records: records.length });
  });

  test('in which one state is another diverges there', async () => {
    const { header, records } = await readHistoryFile(historyFile(NAME));
    const changed = records.map((record) => (record.after === 'Serving' ? { ...record, after: 'Draining' } : record));
    writeFileSync(file, encodeTrace(header, changed));
    const { first } = await replay(file);
    expect(first).toMatchObject({ seq: records.find(({ after }) => after === 'Serving')?.seq, got: 'Draining' });
  });
});
