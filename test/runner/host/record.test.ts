import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readTrace } from '../../../src/api/trace.js';
import { storeLayout } from '../../../src/index.js';
import type { TraceRecord } from '../../../src/api/trace.js';
import { verifyAudit } from '../../../src/store/index.js';
import { scratchFolder } from '../support/folders.js';
import { eyesZip, rogueZip } from '../support/packages.js';
import { IMAGE, openRunner } from '../support/runners.js';
import { refusalOf } from '../../store/support/refusal.js';
import { audited } from './support/told.js';

const layout = storeLayout(join(scratchFolder(), 'store'));
const trace: TraceRecord[] = [];

/** One life of two releases, a sound one and one without wheels, with a refusal on the way. */
beforeAll(async () => {
  const runner = await openRunner({ store: layout.root, actor: 'eva' });
  await runner.install(rogueZip({ name: 'sound' }), { target: 'Deployed' });
  await refusalOf(runner.install(eyesZip({ name: 'bad', wheels: {} })));
  await runner.activate('sound@1.0.0', ['A01']);
  await runner.detect({ pid: 'A01', image: IMAGE });
  await refusalOf(runner.uninstall('sound@1.0.0'));
  await runner.deactivate(['A01']);
  await runner.stop('sound@1.0.0');
  await runner.start('sound@1.0.0');
  await runner.stop('sound@1.0.0');
  await runner.uninstall('sound@1.0.0');
  const file = runner.traceFile ?? '';
  await runner.close();
  for await (const record of readTrace(file)) trace.push(record);
});

describe('the audit trail', () => {
  test('says in order what was done, and with which code what was refused', () => {
    expect(audited(layout)).toEqual([
      'install sound@1.0.0 done',
      'install bad@1.0.0 failed 2004',
      'activate A01 done',
      'uninstall sound@1.0.0 failed 2007',
      'deactivate A01 done',
      'stop sound@1.0.0 done',
      'start sound@1.0.0 done',
      'stop sound@1.0.0 done',
      'uninstall sound@1.0.0 done',
    ]);
  });

  test('says who did it', () => {
    const lines = readFileSync(layout.audit, 'utf8').trimEnd().split('\n');
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ who: 'eva' });
  });

  test('is whole, and one that was edited is found out', async () => {
    expect(await verifyAudit(layout.audit)).toMatchObject({ ok: true, records: 9, incomplete: false });
    const edited = join(scratchFolder(), 'edited.jsonl');
    writeFileSync(edited, readFileSync(layout.audit, 'utf8').replace('"failed"', '"done"'));
    expect(await verifyAudit(edited)).toMatchObject({ ok: false, firstBad: { line: 2 } });
  });
});

describe('the trace', () => {
  /** The states of contract §2 an actor walked, in order. */
  const walk = (actor: string): string[] => {
    const states = trace.filter((record) => record.actor === actor).map(({ after }) => after.split('.')[0] ?? '');
    return states.filter((state, i) => state !== states[i - 1]);
  };

  test('shows a release on its whole way', () => {
    const calls = ['Executing', 'Running', 'Executing', 'Running', 'Executing', 'Running', 'Executing', 'Running'];
    const way = ['Discovered', 'Validated', 'Deployed', 'Running', ...calls, 'Stopped', 'Running', 'Stopped'];
    expect(walk('package/sound@1.0.0').slice(0, way.length)).toEqual(way);
  });

  test('shows a bad package ending Invalid', () => {
    expect(walk('package/bad@1.0.0').slice(0, 2)).toEqual(['Discovered', 'Invalid']);
  });

  test('shows all seven states', () => {
    const seen = new Set([...walk('package/sound@1.0.0'), ...walk('package/bad@1.0.0')]);
    const seven = ['Discovered', 'Validated', 'Deployed', 'Running', 'Executing', 'Stopped', 'Invalid'];
    expect([...seen]).toEqual(expect.arrayContaining(seven));
  });

  test('shows each process as an actor of its own, born in its first state', () => {
    const actors = [...new Set(trace.map(({ actor }) => actor).filter((actor) => /\/process\//.test(actor)))];
    expect(actors.length).toBeGreaterThanOrEqual(2);
    for (const actor of actors) expect(trace.find((record) => record.actor === actor)?.before).toBeNull();
  });

  test('has every record in order of time', () => {
    expect(trace.map(({ seq }) => seq)).toEqual(trace.map((_record, i) => i + 1));
    expect(trace.map(({ atUs }) => atUs)).toEqual(trace.map(({ atUs }) => atUs).sort((a, b) => a - b));
  });
});
