import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CallResult, RawImage, Runner } from '../../src/index.js';
import { eyesZip } from './support/packages.js';
import { openRunner } from './support/runners.js';

/** Python that runs in the process of a release, in a call without an image; `d` is its PROC_SHM_DIR. */
const ATTACKS: Readonly<Record<string, string>> = {
  'cuts them to nothing': 'for p in files(): os.truncate(p, 0)',
  'overwrites their headers': "for p in files(): open(p, 'r+b').write(b'garbage!')",
  'says another shape': `
for p in files():
    b = open(p, 'rb').read(128)
    open(p, 'r+b').write(b.replace(b'(48, 64, 3)', b'(24, 32, 3)'))`,
  'removes them': 'for p in files(): os.unlink(p)',
  'puts named pipes there': `
for p in files(): os.unlink(p)
for n in ('raw-00.npy', 'enc-00.bin', 'res-00.npy'): os.mkfifo(os.path.join(d, n))`,
  'puts links there': "for p in files(): os.unlink(p); os.symlink('/etc/passwd', p)",
  'puts folders there': 'for p in files(): os.unlink(p); os.makedirs(os.path.join(p, "deep"))',
  'forbids its folder': 'os.chmod(d, 0)',
  'removes its folder': 'import shutil; shutil.rmtree(d)',
  'moves its folder and links another': 'os.rename(d, d + ".x"); os.symlink("/tmp", d)',
  'removes the whole pool': 'import shutil; shutil.rmtree(os.path.dirname(d))',
};

const ATTACK = `
import os
def run(code):
    d = os.environ["PROC_SHM_DIR"]
    files = lambda: [os.path.join(d, n) for n in os.listdir(d)]
    exec(code, {"os": os, "d": d, "files": files})
`;
const PARAMS = [{ key: 'do', type: 'string', default: 'OK', max_length: 1000 }];

let runner: Runner;

beforeAll(async () => {
  runner = await openRunner();
  const steps = { steps: [{ index: 1, name: 'look', params: PARAMS }] };
  for (const [name, pid] of [
    ['evil', 'A01'],
    ['eyes', 'A02'],
  ] as const) {
    const manifest = { supported_pids: [pid], ...steps };
    await runner.install(eyesZip({ name, manifest, files: { 'attack.py': ATTACK } }));
    await runner.activate(`${name}@1.0.0`, [pid]);
  }
});

const image = (value: number, width = 64): RawImage => ({
  ...{ width, height: 48, channels: 3 },
  data: new Uint8Array(width * 48 * 3).fill(value),
});

async function look(pid: string, value: number, width?: number): Promise<CallResult> {
  const flow = runner.openFlow({ pid });
  try {
    return await flow.execute(1, { params: { do: 'mean' }, image: image(value, width), retries: 0 });
  } finally {
    flow.close();
  }
}

describe('an algorithm that damages segments', () => {
  test.each(Object.entries(ATTACKS))('(%s) is told once, and the next images of all are right', async (_, code) => {
    await Promise.all([look('A01', 1), look('A02', 2)]);
    const flow = runner.openFlow({ pid: 'A01' });
    const attacked = await flow.execute(1, { params: { do: `run ${code}` } });
    flow.close();
    expect(attacked).toMatchObject({ status: 'OK' });
    for (const [pid, value, width] of [
      ['A02', 9, 64],
      ['A01', 10, 64],
      ['A02', 11, 640],
      ['A01', 12, 640],
    ] as const) {
      expect(await look(pid, value, width)).toMatchObject({ status: 'OK', data: { seen: { mean: value } } });
    }
    if (!code.includes('dirname'))
      expect(runner.problems.filter(({ message }) => message.includes('eyes@'))).toEqual([]);
  });

  test('is named in the problems', () => {
    const ofEvil = runner.problems.filter(({ details }) => details?.['release'] === 'evil@1.0.0');
    expect(ofEvil.length).toBeGreaterThan(5);
    for (const problem of ofEvil) expect(problem).toMatchObject({ code: '3033', faultName: 'images_damaged' });
    expect(new Set(ofEvil.map(({ message }) => message)).size).toBe(ofEvil.length);
  });

  test('leaves nothing behind', async () => {
    await runner.close();
    expect(existsSync(runner.images.folder)).toBe(false);
  });
});
