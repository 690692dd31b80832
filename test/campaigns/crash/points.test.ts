import { describe, expect, test } from 'vitest';
import { drawPoints } from './points/draw.js';
import type { Recording } from './points/draw.js';
import { pairOf, parsePoint, pointText } from './points/point.js';
import type { Point } from './points/point.js';
import { seededRandom } from './points/random.js';
import { fileClass } from './programs/file-class.js';

const RECORDINGS: readonly Recording[] = [
  {
    operation: 'switch',
    weight: 2,
    calls: { 'rename/active': 2, 'write/audit': 1, 'fsync/active': 3 },
    recovery: { 'mkdir/zip': 1 },
  },
  { operation: 'close', weight: 1, calls: { 'unlink/lock': 1, 'spawn/venv': 2 }, recovery: { 'create/trace': 1 } },
];

function draw(count: number, seed: number, duringRecovery = false): Point[] {
  const source = drawPoints(RECORDINGS, seededRandom(seed), duringRecovery);
  return Array.from({ length: count }, () => source.next().value);
}

const kindOf = ({ operation, kill }: Point): string => `${operation} ${pairOf(kill)}`;

describe('points', () => {
  test('are the same for the same seed, and others for another', () => {
    expect(draw(20, 7)).toEqual(draw(20, 7));
    expect(draw(20, 7)).not.toEqual(draw(20, 8));
  });

  test('differ as much as they can before any kind of call comes a second time', () => {
    expect(new Set(draw(7, 1).map(kindOf)).size).toBe(5);
  });

  test('are spread over the operations by their weight', () => {
    const share = draw(300, 1).filter(({ operation }) => operation === 'switch').length;
    expect(share).toBe(200);
  });

  test('name a call that happens', () => {
    for (const { operation, kill } of draw(200, 3)) {
      const times = RECORDINGS.find((one) => one.operation === operation)?.calls[pairOf(kill)] ?? 0;
      expect(kill.nth).toBeLessThanOrEqual(times);
    }
  });

  test('name a call of the recovery only where that is asked for', () => {
    expect(draw(10, 1).every(({ recovery }) => recovery === null)).toBe(true);
    expect(draw(10, 1, true).every(({ recovery }) => recovery !== null)).toBe(true);
  });

  test('can be written down and read again', () => {
    for (const point of [...draw(50, 5), ...draw(50, 5, true)]) expect(parsePoint(pointText(point))).toEqual(point);
  });

  test.each([
    '',
    'switch',
    'switch:rename',
    'switch:rename/active/0/after',
    'switch:rename/attic/1/after',
    ':a/zip/1/after',
  ])('are not taken from %j', (text) => {
    expect(parsePoint(text)).toBeNull();
  });
});

test.each([
  ['/s/algorithms/zips/eye.zip', 'zip'],
  ['/s/algorithms/.staging/1f/main.py', 'staging'],
  ['/s/algorithms/deployed/eye/1.0.0/manifest.json', 'deployed'],
  ['/s/algorithms/deployed/eye/1.0.0/venv/pyvenv.cfg', 'venv'],
  ['/s/active/.A01.json.0123456789abcdef.tmp', 'active'],
  ['/s/.registry.json.0123456789abcdef.tmp', 'registry'],
  ['/s/operations/17.committed.json', 'operations'],
  ['/s/logs/audit.jsonl', 'audit'],
  ['/s/logs/traces/x.trace.jsonl', 'trace'],
  ['/s/logs/algorithms/eye/1.0.0/algorithm.jsonl', 'log'],
  ['/s/lock/1.2.3.flock', 'lock'],
  ['/s', 'root'],
  ['/shm/pool/raw-00.npy', 'shm'],
  ['/surroundings/file', 'other'],
])('%s is a file of the class %s', (path, file) => {
  expect(fileClass(path, { store: '/s', images: '/shm' })).toBe(file);
});
