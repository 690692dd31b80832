import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { storeLayout } from '../../src/index.js';
import { scratchFolder } from '../runner/support/folders.js';
import { rogueZip } from '../runner/support/packages.js';
import { writeBigTrace } from '../trace/support/big-trace.js';
import { goodStore, makeGoodStore } from './support/good-store.js';
import { runInside } from './support/run-inside.js';

/** What may take longer than a second says on a terminal what it does; nowhere else, and never with `--json`. */
const folder = scratchFolder();
const good = goodStore();
const { store, image } = good;
const zip = rogueZip({ name: 'more' });
const ACTOR = 'package/screw-check@1.0.0';

beforeAll(async () => {
  await makeGoodStore(good);
  const logs = join(storeLayout(store).logs, 'algorithms', 'good', '1.0.0');
  mkdirSync(logs, { recursive: true });
  const line = `${JSON.stringify({ level: 'info', time: 1, release: 'good@1.0.0', message: 'x' })}\n`;
  writeFileSync(join(logs, 'algorithm.jsonl'), line.repeat(12_000));
  for (const name of readdirSync(storeLayout(store).traces)) expect(name).toMatch(/\.trace\.jsonl$/);
});

const big = join(folder, 'big');
beforeAll(async () => {
  await writeBigTrace(storeLayout(big).traces, 6_000, 8 * 1024);
});

/** In an order in which each finds what it needs. */
const TABLE: readonly (readonly [words: readonly string[], says: RegExp, at?: string])[] = [
  [['validate', zip], /checking .*more/],
  [['install', zip, '--no-start'], /opening the store[^]* \d+ %[^]*closing the store/],
  [['scan'], /taking up zips/],
  [['stop', 'good@2.0.0'], /stopping good@2\.0\.0/],
  [['detect', '--pid', 'A01', '--image', image], /inspecting 0 %/],
  [['prune', '--yes'], /removing releases/],
  [['logs'], /10000 lines read/],
  [['audit', 'verify'], /\d+ records are sound/],
  [['doctor'], /looking at the host and the store[^]*comparing the files of good@1\.0\.0/],
  [['support', 'bundle', '--out', join(folder, 'bundle.tar')], /comparing the files[^]*collecting \d+ %/],
  [['trace', 'ls'], /looking at the traces/, big],
  [['trace', 'show', '--pid', 'A01'], /reading the trace \d+ %/, big],
  [['trace', 'stats'], /reading the trace \d+ %/, big],
  [['trace', 'stats', '--actor', ACTOR], /looking for names in the trace \d+ %/, big],
  [['trace', 'why', ACTOR], /looking for what the trace tells of it \d+ %/, big],
  [['trace', 'next', ACTOR], /looking for what the trace tells of it \d+ %/, big],
  [['trace', 'incidents'], /going through the traces \d+ %/, big],
  [
    ['trace', 'export-test', 'latest', '--actor', ACTOR, '--to', '20', '--output', join(folder, 'it.test.ts')],
    /going through the trace \d+ %/,
    big,
  ],
  [['replay', 'latest'], /going through the trace \d+ %/, big],
  [['diagram', 'package', '--trace', 'latest'], /reading the trace \d+ %/, big],
];

describe('progress', () => {
  it.each(TABLE.map(([words, says, at = store]) => ({ title: words.join(' '), words, says, at })))(
    'of $title is shown on a terminal',
    async ({ words, says, at }) => {
      let shown = '';
      const { stdout } = await runInside([...words, '--store', at], {}, (text) => (shown += text));
      expect(shown).toMatch(says);
      expect(stdout).not.toContain('\r');
      // The last of it is wiped: nothing is left between the data and the prompt.
      expect(/\r\u001b\[K([^\r]*)$/.exec(shown)?.[1] ?? '').toMatch(/^$|\n$/);
    },
  );

  it('is silent elsewhere, and with --json on a terminal too', async () => {
    const silent = await runInside(['audit', 'verify', '--store', store]);
    expect(silent.stderr).not.toContain('records are sound');
    let shown = '';
    await runInside(['audit', 'verify', '--json', '--store', store], {}, (text) => (shown += text));
    expect(shown).toBe('');
  });
});
