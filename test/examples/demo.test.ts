import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingForms } from '../docs/support/forms.js';
import { shownCommands } from '../docs/support/shell-blocks.js';

interface Demo {
  readonly detections: readonly {
    readonly verdict: string;
    readonly expected: string;
    readonly annotated: string | null;
  }[];
  readonly refused: { readonly state: string; readonly reason: string };
  readonly states: Readonly<Record<string, readonly string[]>>;
  readonly statesMissing: readonly string[];
  readonly inspections: readonly { readonly pid: string; readonly release: string; readonly verdict: string }[];
  readonly switched: {
    readonly outcome: string;
    readonly timeline: readonly { readonly stage: string; readonly pid: string | null }[];
    readonly errors: number;
    readonly downtime_ms: number;
  };
  readonly rolledBack: { readonly outcome: string; readonly errors: number; readonly downtime_ms: number };
  readonly trace: string;
}

describe('the demo, as the first command of the README runs it', () => {
  let folder = '';
  let demo: Demo;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'procvision-demo-'));
    const program = resolve('dist/examples/demo/main.js');
    const { stdout } = await promisify(execFile)(process.execPath, [program, '--json'], { cwd: folder });
    demo = JSON.parse(stdout) as Demo;
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('every verdict is as expected, on at least 12 images', () => {
    expect(demo.detections.length).toBeGreaterThanOrEqual(12);
    expect(demo.detections.filter(({ verdict, expected }) => verdict !== expected)).toEqual([]);
  });

  test.each(
    [
      ...shownCommands('docs/guides/switch-and-roll-back.md', 'History'),
      ...shownCommands('docs/guides/find-out-why-it-stopped.md', 'It never started'),
    ].map((each) => [each.command, each] as const),
  )('%s looks like this as a guide shows it', async (command, { shown }) => {
    const words = command.replace(/^procvision /, '').split(' ');
    const main = [resolve('dist/src/cli/main.js'), ...words, '--store', 'demo-output/runtime_store'];
    const { stdout } = await promisify(execFile)(process.execPath, main, { cwd: folder });
    expect(missingForms(stdout, shown ?? [], []), stdout).toEqual([]);
  });

  test('every NG image is there with its defects drawn', () => {
    const rejected = demo.detections.filter(({ verdict }) => verdict === 'NG');
    expect(rejected.length).toBeGreaterThan(0);
    expect(rejected.filter(({ annotated }) => annotated === null || !existsSync(join(folder, annotated)))).toEqual([]);
  });

  test('the broken package ends Invalid with its reason', () => {
    expect(demo.refused).toMatchObject({
      state: 'Invalid',
      reason: expect.stringContaining('a_module_nobody_delivers'),
    });
  });

  test('its trace shows the releases walking all seven states', () => {
    expect(existsSync(join(folder, demo.trace))).toBe(true);
    expect(demo.statesMissing).toEqual([]);
    expect(demo.states['screw-check@1.0.0']).toEqual([
      'Discovered',
      'Validated',
      'Deployed',
      'Running',
      'Executing',
      'Stopped',
    ]);
  });

  test('the switch moves both PIDs; the one the release fails on returns by itself, the other one stays', () => {
    const walk = (of: string): string[] =>
      demo.switched.timeline.flatMap(({ stage, pid }) => (pid === of ? [stage] : []));
    expect(walk('A01')).toEqual(expect.arrayContaining(['Probation', 'Confirming', 'Serving']));
    expect(walk('A02')).toEqual(expect.arrayContaining(['Probation', 'RollingBack', 'Serving']));
    expect(demo.inspections.map(({ pid, release, verdict }) => [pid, release.split('@')[1], verdict])).toEqual([
      ['A01', '1.1.0', 'NG'],
      ['A02', '1.1.0', 'ERROR'],
      ['A02', '1.1.0', 'ERROR'],
      ['A02', '1.0.0', 'OK'],
      ['A01', '1.0.0', 'NG'],
    ]);
  });

  test('neither the switch nor the way back costs a moment without a release', () => {
    expect(demo.switched).toMatchObject({ outcome: 'rolled_back', errors: 2, downtime_ms: 0 });
    expect(demo.rolledBack).toMatchObject({ outcome: 'confirmed', errors: 0, downtime_ms: 0 });
  });
});
