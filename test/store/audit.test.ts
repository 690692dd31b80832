import { appendFile, mkdir, readFile, readdir, truncate, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openAudit, verifyAudit } from '../../src/store/index.js';
import type { Audit, AuditEvent, FileSystem, StoreLayout } from '../../src/store/index.js';
import { ERRNOS, atCalls, faultyFileSystem } from './support/faulty-file-system.js';
import { refusalOf } from './support/refusal.js';
import { NOON, freshStore } from './support/stores.js';

const event = (subject: string): AuditEvent => ({ who: 'cli', what: 'route.activated', subject, outcome: 'ok' });
const noop = (): void => undefined;
const LAST_FAULT = 40;
const now = (): Date => new Date(NOON);

describe('the audit trail', () => {
  it('keeps who did what to what, when and with which outcome, each record linked to the one before', async () => {
    const layout = await freshStore();
    const audit = await openAudit(layout, { now });
    const first = await audit.append({ ...event('A01'), details: { release: 'screw@1.0.0' } });
    const second = await audit.append(event('A02'));
    expect(first).toMatchObject({ seq: 1, at: NOON, who: 'cli', subject: 'A01', details: { release: 'screw@1.0.0' } });
    expect(second).toMatchObject({ seq: 2, prev: first.hash });
    expect(await linesOf(layout)).toEqual([first, second]);
    expect(await verifyAudit(layout.audit)).toEqual({
      ok: true,
      records: 2,
      end: { seq: 2, hash: second.hash },
      incomplete: false,
    });
  });

  it('goes on in one chain when opened again, and in the order of the calls', async () => {
    const layout = await freshStore();
    await (await openAudit(layout)).append(event('A00'));
    const audit = await openAudit(layout);
    await Promise.all(Array.from({ length: 20 }, (_, n) => audit.append(event(`A${n + 1}`))));
    const subjects = (await linesOf(layout)).map(({ subject }) => subject);
    expect(subjects).toEqual(['A00', ...Array.from({ length: 20 }, (_, n) => `A${n + 1}`)]);
    expect(await verifyAudit(layout.audit)).toMatchObject({ ok: true, records: 21 });
  });

  it('with no file yet is a chain of no records', async () => {
    expect(await verifyAudit((await freshStore()).audit)).toMatchObject({ ok: true, records: 0 });
  });

  it('leaves out details that are too large, and says so', async () => {
    const layout = await freshStore();
    const audit = await openAudit(layout);
    const record = await audit.append({ ...event('A01'), details: { text: 'x'.repeat(100_000) } });
    expect(record.details?.['left_out']).toMatch(/^details of \d+ bytes$/);
    expect(await verifyAudit(layout.audit)).toMatchObject({ ok: true, records: 1 });
  });

  it('shows every edit of a single character, removal and swap of records', async () => {
    const layout = await freshStore();
    const audit = await openAudit(layout, { now });
    for (let n = 1; n <= 6; n += 1) await audit.append(event(`A${n}`));
    const text = await readFile(layout.audit, 'utf8');
    const lines = text.trimEnd().split('\n');
    const spot = fc.nat({ max: text.length - 2 }); // the last line end is the incomplete line of the next test
    const character = fc.constantFrom('0', '1', 'a', ' ', '"', '}', ',');
    await fc.assert(
      fc.asyncProperty(spot, character, async (at, put) => {
        fc.pre(text[at] !== put);
        await writeFile(layout.audit, text.slice(0, at) + put + text.slice(at + 1));
        const verdict = await verifyAudit(layout.audit);
        expect(verdict.ok).toBe(false);
        expect(verdict.firstBad?.line).toBe(text.slice(0, at).split('\n').length);
      }),
      { numRuns: 100 },
    );
    const [one = '', two = '', three = '', ...rest] = lines;
    for (const [bad, order] of [
      [2, [one, three, ...rest]],
      [2, [one, three, two, ...rest]],
      [3, [one, two, two, three, ...rest]],
      [1, [two, three, ...rest]],
    ] as const) {
      await writeFile(layout.audit, `${order.join('\n')}\n`);
      expect((await verifyAudit(layout.audit)).firstBad?.line).toBe(bad);
    }
  });

  it('is not mended by opening it: an edited last record stays, and verify names it', async () => {
    const layout = await freshStore();
    await (await openAudit(layout)).append(event('A01'));
    await writeFile(layout.audit, (await readFile(layout.audit, 'utf8')).replace('A01', 'B99'));
    const audit = await openAudit(layout);
    await audit.append(event('A02'));
    const { firstBad } = await verifyAudit(layout.audit);
    expect(firstBad).toEqual({ line: 1, reason: 'record 1 was changed after it was written' });
    expect(await linesOf(layout)).toHaveLength(2);
  });
});

describe('an audit trail cut short by a crash', () => {
  it('at any byte of its last line is repaired by the next record, the piece being kept aside', async () => {
    const layout = await freshStore();
    await writeRecords(layout, ['A01', 'A02']);
    const whole = await readFile(layout.audit);
    const lastLine = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (const cut of [lastLine + 1, lastLine + 40, whole.length - 1]) {
      await writeFile(layout.audit, whole);
      await truncate(layout.audit, cut);
      expect(await verifyAudit(layout.audit)).toMatchObject({ ok: true, records: 1, incomplete: true });
      const audit = await openAudit(layout);
      expect(audit.problems).toMatchObject([{ what: 'audit_damaged' }]);
      await audit.append(event('A03'));
      expect((await linesOf(layout)).map(({ subject }) => subject)).toEqual(['A01', 'A03']);
      expect(await verifyAudit(layout.audit)).toMatchObject({ ok: true, records: 2, incomplete: false });
    }
    expect(await readdir(layout.aside)).toHaveLength(3);
  });

  it('and followed by the zeros of a power loss is repaired as well', async () => {
    const layout = await freshStore();
    await writeRecords(layout, ['A01']);
    await appendFile(layout.audit, Buffer.concat([Buffer.alloc(5000), Buffer.from('\n\0\0')]));
    const audit = await openAudit(layout);
    expect(audit.problems).toHaveLength(1);
    await audit.append(event('A02'));
    expect(await verifyAudit(layout.audit)).toMatchObject({ ok: true, records: 2 });
  });

  it('that is no audit trail at all, or a folder, is moved aside', async () => {
    const layout = await freshStore();
    await writeFile(layout.audit, 'x'.repeat(400_000));
    const audit = await openAudit(layout);
    expect(audit.problems[0]?.done).toContain('moved aside');
    await audit.append(event('A01'));
    expect(await verifyAudit(layout.audit)).toMatchObject({ ok: true, records: 1 });

    const other = await freshStore();
    await mkdir(other.audit);
    expect((await refusalOf(verifyAudit(other.audit))).faultName).toBe('store_corrupt');
    await (await openAudit(other)).append(event('A01'));
    expect(await readdir(other.aside)).toHaveLength(1);
  });
});

describe('an audit trail on a bad disk', () => {
  it('holds exactly the records whose promises resolved, whatever calls fail', async () => {
    const failing = fc.dictionary(fc.integer({ min: 1, max: LAST_FAULT }).map(String), fc.constantFrom(...ERRNOS), {
      maxKeys: 4,
    });
    await fc.assert(
      fc.asyncProperty(failing, fc.integer({ min: 20, max: 500 }), async (faults, maxWriteBytes) => {
        const layout = await freshStore();
        const fs = faultyFileSystem({ fail: atCalls(faults), maxWriteBytes });
        const audit = await openInTheEnd(layout, fs);
        const kept: string[] = [];
        for (const subject of ['A01', 'A02', 'A03', 'A04']) {
          await audit.append(event(subject)).then(() => kept.push(subject), noop);
        }
        while (fs.calls.length < LAST_FAULT) await audit.append(event('more')).then(() => kept.push('more'), noop);
        await audit.append(event('last'));
        expect((await linesOf(layout)).map(({ subject }) => subject)).toEqual([...kept, 'last']);
        expect((await verifyAudit(layout.audit)).ok).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

/** Every fault strikes once, so that one of the attempts gets through. */
async function openInTheEnd(layout: StoreLayout, fs: FileSystem): Promise<Audit> {
  return openAudit(layout, {}, fs).catch(() => openInTheEnd(layout, fs));
}

async function writeRecords(layout: StoreLayout, subjects: readonly string[]): Promise<void> {
  const audit = await openAudit(layout, { now });
  for (const subject of subjects) await audit.append(event(subject));
}

async function linesOf(layout: StoreLayout): Promise<{ subject: string }[]> {
  const text = await readFile(layout.audit, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { subject: string });
}
