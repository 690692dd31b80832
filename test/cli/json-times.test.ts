import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { auditRecordWire } from '../../src/api/wire/audit-record.js';
import { changeWire } from '../../src/api/wire/change.js';
import { detectionWire } from '../../src/api/wire/detection.js';
import { diagnosisWire } from '../../src/api/wire/diagnosis.js';
import { incidentsWire } from '../../src/api/wire/incident.js';
import { listingWire } from '../../src/api/wire/listing.js';
import { logEntryWire } from '../../src/api/wire/log-entry.js';
import { nextWire } from '../../src/api/wire/next.js';
import { recordWire } from '../../src/api/wire/record.js';
import { replayWire } from '../../src/api/wire/replay.js';
import { statusWire } from '../../src/api/wire/status.js';
import { traceRunWire } from '../../src/api/wire/trace-run.js';
import { whyWire } from '../../src/api/wire/why.js';
import { scannedZipWire } from '../../src/api/wire/zip.js';
import { COMMANDS } from '../../src/cli/commands/index.js';
import { scratchFolder } from '../runner/support/folders.js';
import { rogueZip } from '../runner/support/packages.js';
import { IMAGE } from '../runner/support/runners.js';
import { Desk, EXAMPLES } from './support/command-line.js';
import { goodStore, makeGoodStore } from './support/good-store.js';
import { runInside } from './support/run-inside.js';

/** Every `--json` of every command says times as ISO 8601; numbers are how long something took, unit last. */
const commandLine = new Desk();
afterAll(() => commandLine.remove());
const folder = scratchFolder();
const good = goodStore();
const { store, image } = good;
const zip = rogueZip({ name: 'more' });

beforeAll(() =>
  makeGoodStore(good, {
    then: async (runner) => {
      await runner.detect({ pid: 'A01', image: IMAGE });
      await runner.detect({ pid: 'A01', image: IMAGE, params: { 1: { do: 'crash' } } }).catch(() => undefined);
    },
  }),
);

/** In an order in which each finds what it needs. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  package: ['package', join(EXAMPLES, 'screw-check'), '--output', join(folder, 'packages')],
  validate: ['validate', zip],
  install: ['install', zip, '--no-start'],
  scan: ['scan'],
  start: ['start', 'more@1.0.0'],
  stop: ['stop', 'more@1.0.0', '--force'],
  uninstall: ['uninstall', 'more@1.0.0'],
  prune: ['prune'],
  detect: ['detect', '--pid', 'A01', '--image', image],
  switch: ['switch', 'good@2.0.0', '--pid', 'A01'],
  status: ['status'],
  ls: ['ls'],
  confirm: ['confirm', '--pid', 'A01'],
  rollback: ['rollback', 'A01', '--to', 'good@1.0.0'],
  deactivate: ['deactivate', 'A01'],
  activate: ['activate', 'good@1.0.0', '--pid', 'A01'],
  history: ['history'],
  logs: ['logs'],
  'trace ls': ['trace', 'ls'],
  'trace show': ['trace', 'show', 'latest'],
  'trace follow': ['trace', 'follow', '--tail', '1000'],
  'trace stats': ['trace', 'stats'],
  'trace why': ['trace', 'why', 'A01'],
  'trace next': ['trace', 'next', 'A01'],
  'trace incidents': ['trace', 'incidents'],
  'trace export-test': ['trace', 'export-test', 'latest', '--actor', 'runner', '--output', join(folder, 'it.test.ts')],
  replay: ['replay', 'latest'],
  diagram: ['diagram', 'route', '--trace', 'latest'],
  'settings show': ['settings', 'show'],
  'settings check': ['settings', 'check'],
  'audit show': ['audit', 'show'],
  'audit verify': ['audit', 'verify'],
  doctor: ['doctor'],
  'support bundle': ['support', 'bundle', '--out', join(folder, 'bundle.tar.gz')],
};

/** The forms of what other faces get too; each an answer of RunnerApi. */
const FORMS: Readonly<Record<string, z.ZodType>> = {
  scan: z.array(scannedZipWire),
  detect: z.array(detectionWire.extend({ image: z.string(), annotated: z.null() })),
  switch: changeWire,
  status: statusWire,
  ls: listingWire,
  rollback: changeWire,
  deactivate: changeWire,
  activate: changeWire,
  history: z.array(auditRecordWire),
  logs: z.array(logEntryWire),
  'trace ls': z.array(traceRunWire),
  'trace show': z.array(recordWire),
  'trace follow': recordWire,
  'trace why': whyWire,
  'trace next': nextWire,
  'trace incidents': incidentsWire,
  replay: replayWire.loose(),
  'audit show': z.array(auditRecordWire),
  doctor: diagnosisWire,
};

/** Keys that say when. */
const WHEN = /^(time|since|at|until|when|date|began|made|modified|booted)$|_(at|since|time)$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** What may as well be a moment: milliseconds since 1970, of these years. */
const isUnixMs = (value: number): boolean => value > 1.5e12 && value < 2.5e12;

/** Data of events and lines of algorithms are what they are. */
const OTHERS = ['data', 'fields', 'context'];

function wrongTimes(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => wrongTimes(item, `${path}[${i}]`));
  if (typeof value === 'number') return isUnixMs(value) ? [`${path}: ${value}`] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, own]) => {
    const at = `${path}.${key}`;
    if (OTHERS.includes(key)) return [];
    const isTime = own === null || (typeof own === 'string' && ISO.test(own));
    if (WHEN.test(key) && typeof own !== 'object' && !isTime) return [`${at}: ${String(own)}`];
    return wrongTimes(own, at);
  });
}

describe('--json', () => {
  it('of every command is looked at here', () => {
    expect(Object.keys(WORDS).sort()).toEqual(COMMANDS.map(({ name }) => name).sort());
  });

  it.each(Object.entries(WORDS))(
    'of %s says times as ISO 8601, and has its form',
    async (name, words) => {
      const all = [...words, '--json', '--store', store];
      // What it packs lies beside the built command.
      const { code, stdout, stderr } = await (words[0] === 'package' ? commandLine.run(all) : runInside(all));
      expect(`${code} ${stderr}`).toBe(words[0] === 'status' ? '1 ' : '0 ');
      const texts = words[1] === 'follow' ? stdout.trimEnd().split('\n') : [stdout];
      const values = texts.map((text) => JSON.parse(text) as unknown);
      expect(wrongTimes(values)).toEqual([]);
      for (const value of values) FORMS[name]?.parse(value);
    },
    30_000,
  );

  it('is looked at by something that would find one', () => {
    expect(wrongTimes({ a: [{ since: 12 }, { x: 1_795_183_115_489 }, { time: '2026-01-01' }] })).toHaveLength(3);
    expect(wrongTimes({ since: '2026-11-20T13:58:35.494Z', at: null, at_ms: 12.5 })).toEqual([]);
  });
});
