import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeLayout } from '../../src/index.js';
import { openAudit } from '../../src/store/index.js';
import { Desk } from './support/command-line.js';
import { runInside } from './support/run-inside.js';

/** What the command line makes of an audit trail, sound or not. */
const commandLine = new Desk();
const layout = storeLayout(commandLine.path('store'));
let sound: string;

beforeAll(async () => {
  mkdirSync(dirname(layout.audit), { recursive: true });
  const audit = await openAudit(layout);
  const event = { who: 'cli', subject: 'A01', outcome: 'done' };
  const moved = (from: string | null, to: string) => ({ pids: ['A01'], routes: [{ pid: 'A01', from, to }] });
  await audit.append({ ...event, what: 'activate', details: moved(null, 'eye@1.0.0') });
  await audit.append({ ...event, what: 'switch', details: moved('eye@1.0.0', 'eye@2.0.0') });
  const failed = { pids: ['A01'], release: 'eye@3.0.0', from: { A01: 'eye@2.0.0' }, message: 'It did not start.' };
  await audit.append({ ...event, what: 'switch', outcome: 'failed', details: failed });
  sound = readFileSync(layout.audit, 'utf8');
});
afterAll(() => commandLine.remove());

const run = (...words: string[]) => runInside([...words, '--store', layout.root]);

describe('audit verify', () => {
  it('says how many records there are, and which is the last', async () => {
    const { code, json } = await run('audit', 'verify', '--json');
    const last = JSON.parse(sound.trimEnd().split('\n').at(-1) ?? '') as { hash: string };
    expect(code).toBe(0);
    expect(json()).toEqual({
      ...{ ok: true, file: layout.audit, records: 3, end: { seq: 3, hash: last.hash } },
      ...{ incomplete: false, first_bad: null },
    });
  });

  it.each([
    ['changed', (lines: string[]) => lines.with(1, (lines[1] ?? '').replace('eye@2.0.0', 'eye@9.0.0')), 2],
    ['taken out', (lines: string[]) => lines.toSpliced(0, 1), 1],
    ['that is none', (lines: string[]) => lines.toSpliced(2, 0, 'nonsense'), 3],
  ])('exits 78 for a record %s, naming its line', async (_what, tamper, line) => {
    writeFileSync(layout.audit, `${tamper(sound.trimEnd().split('\n')).join('\n')}\n`);
    const plain = await run('audit', 'verify');
    expect(plain.code).toBe(78);
    expect(plain.stderr).toContain(`Line ${line} of ${layout.audit}: `);
    const { json } = await run('audit', 'verify', '--json');
    expect(json()).toMatchObject({ name: 'store_corrupt', ok: false, first_bad: { line } });
    writeFileSync(layout.audit, sound);
  });

  it('does not take a line that is being written for a changed one', async () => {
    appendFileSync(layout.audit, '{"seq":4,');
    const { code, stderr } = await run('audit', 'verify');
    expect(code).toBe(0);
    expect(stderr).toContain('its last line is not finished');
    writeFileSync(layout.audit, sound);
  });

  it('takes no trail for one of no records', async () => {
    const { code, json } = await runInside(['audit', 'verify', '--json', '--store', commandLine.path('none')]);
    expect(code).toBe(0);
    expect(json()).toMatchObject({ ok: true, records: 0 });
  });
});

describe('history', () => {
  it('tells of each change where the product id came from, where it went, and why not', async () => {
    const { json } = await run('history', 'A01', '--json');
    expect(json()).toMatchObject([
      { seq: 1, who: 'cli', what: 'activate', outcome: 'done', from: null, to: 'eye@1.0.0', reason: null },
      { seq: 2, what: 'switch', outcome: 'done', from: 'eye@1.0.0', to: 'eye@2.0.0', reason: null },
      { seq: 3, what: 'switch', outcome: 'failed', from: 'eye@2.0.0', to: 'eye@3.0.0', reason: 'It did not start.' },
    ]);
  });

  it('of a product id nobody heard of is refused: nothing would look like a past without events', async () => {
    const { code, stdout, stderr } = await run('history', 'B07');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('knows no PID B07');
  });
});
