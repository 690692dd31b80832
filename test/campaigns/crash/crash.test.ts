import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';
import { Life } from './lives/life.js';
import { orphansAfter } from './lives/orphans.js';
import { projectRoot } from './lives/programs.js';
import { everyKill } from './points/draw.js';
import { killText } from './points/point.js';
import type { CallCounts, KillPoint } from './programs/plan.js';

const folder = mkdtempSync(join(tmpdir(), 'procvision-crash-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OLD = 'the old content, of which nothing may be lost';
const NEW = 'the new content, which comes as a whole or not at all';

/** Replaces a file in the given way, killed at a point or not at all. @returns how often it did what, and what is left */
async function replace(way: string, kill: KillPoint | null): Promise<{ counts: CallCounts; left: string | null }> {
  const path = join(folder, 'file');
  writeFileSync(path, OLD);
  const plan = { store: folder, images: join(folder, 'images'), from: 'mark', kill } as const;
  const life = new Life({ program: 'replace-file', args: [path, NEW, way], plan, tmp: folder });
  const { killed, signal, words } = await life.ended;
  expect({ killed: killed?.point ?? null, signal }).toEqual({ killed: kill, signal: kill === null ? null : 'SIGKILL' });
  const left = readOrNull(path);
  rmSync(`${path}.bak`, { force: true });
  return { counts: (words.find(({ at }) => at === 'counted')?.['counts'] ?? {}) as CallCounts, left };
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Points after which the file holds neither. */
async function pointsOfLoss(way: string): Promise<string[]> {
  const lost: string[] = [];
  const { counts } = await replace(way, null);
  for (const kill of everyKill(counts)) {
    const { left } = await replace(way, kill);
    if (left !== OLD && left !== NEW) lost.push(killText(kill));
  }
  return lost;
}

describe('a program that replaces a file, killed at every call', () => {
  test('leaves no file when it renames the old one out of the way first, and is found out', async () => {
    expect(await pointsOfLoss('with-backup')).toEqual(['rename/root/1/after', 'rename/root/2/before']);
  });

  test('leaves the old file or the new one when it renames once', async () => {
    expect(await pointsOfLoss('at-once')).toEqual([]);
  });
});

test('a process that outlives its Runner is found, and ended', async () => {
  const kill = { call: 'spawn', file: 'other', nth: 1, when: 'after', afterMs: 20 } as const;
  const plan = { store: folder, images: join(folder, 'images'), from: 'mark', kill } as const;
  const life = new Life({ program: 'leave-child', args: ['60'], plan, tmp: folder });
  expect(await life.ended).toMatchObject({ signal: 'SIGKILL' });
  expect(await orphansAfter(folder, 100)).toMatchObject([{ command: 'sleep 60' }]);
  expect(await orphansAfter(folder, 10_000)).toEqual([]);
});

describe('a short campaign', () => {
  const operations = ['install', 'switch'];
  const program = join(projectRoot(), 'dist/test/campaigns/crash/main.js');
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

  test(`finds nothing half done, nobody left alive and no segment (seed ${seed})`, async () => {
    // One Runner after the other: the suite keeps the processors busy, and one prepared store serves both operations.
    const budget = ['--points', '3', '--workers', '1'];
    const args = [...budget, '--seed', `${seed}`, '--operations', operations.join(','), '--json'];
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, told] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(out, told).not.toBe('');
    const report = JSON.parse(out);
    expect(report, told).toMatchObject({ points: 3, inconsistent: 0, orphans: 0, segments_leaked: 0, findings: [] });
    expect(report.distinct).toBeGreaterThanOrEqual(2);
    expect(Object.keys(report.operations)).toEqual(operations.sort());
  }, 240_000);
});
