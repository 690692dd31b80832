import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RunnerError } from '../../src/errors/index.js';
import { openImagePool } from '../../src/images/index.js';
import type { FilledLease, ImagePool } from '../../src/images/index.js';
import { scratchFolder } from './support/folders.js';
import { encodedImage, testImage } from './support/images.js';
import { readNpy } from './support/npy.js';

const SEGMENTS = 2;

/** `which` names one of the leases ever taken, counted back from the newest, so that histories touch live ones too. */
type Step =
  | { do: 'lease'; kind: 'raw' | 'encoded'; side: number }
  | { do: 'release' | 'refill'; which: number }
  | { do: 'close' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        do: fc.constant('lease'),
        kind: fc.constantFrom('raw', 'encoded'),
        side: fc.integer({ min: 1, max: 60 }),
      }),
    },
    { weight: 12, arbitrary: fc.record({ do: fc.constantFrom('release', 'refill'), which: fc.nat(4) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('close') }) },
  ),
  { minLength: 20, maxLength: 60 },
);

/** What must be true of the pool after a history, kept in the plainest way. */
class Model {
  readonly leases: { lease: FilledLease; kind: 'raw' | 'encoded'; held: boolean; seed: number }[] = [];
  closed = false;
  seeds = 0;

  held = (kind: 'raw' | 'encoded') => this.leases.filter((one) => one.held && one.kind === kind);
}

const image = (kind: 'raw' | 'encoded', side: number, seed: number) =>
  kind === 'raw' ? testImage(side, side, 3, seed) : encodedImage(side, seed % 256);

const seen = { full: 0, secondReturns: 0, lateReturns: 0, afterClose: 0 };

function apply(step: Step, pool: ImagePool, model: Model): void {
  switch (step.do) {
    case 'lease': {
      const seed = (model.seeds += 1);
      const expected = model.closed
        ? 'runner_closed'
        : model.held(step.kind).length === SEGMENTS
          ? 'image_pool_full'
          : '';
      const attempt = () => pool.lease(image(step.kind, step.side, seed));
      if (expected === '') model.leases.push({ lease: attempt(), kind: step.kind, held: true, seed });
      else expect(refusedAs(attempt)).toBe(expected);
      if (expected === 'image_pool_full') seen.full += 1;
      return;
    }
    case 'release': {
      const one = model.leases.at(-1 - step.which);
      if (one === undefined) return;
      const successor = model.leases.some((other) => other.held && other.lease.sharedMemId === one.lease.sharedMemId);
      if (!one.held) seen[model.closed ? 'afterClose' : successor ? 'lateReturns' : 'secondReturns'] += 1;
      expect(one.lease.release()).toBe(one.held);
      one.held = false;
      return;
    }
    case 'refill': {
      const one = model.leases.at(-1 - step.which);
      if (one === undefined) return;
      const seed = (model.seeds += 1);
      const attempt = () => one.lease.refill(image(one.kind, 3 + (seed % 40), seed));
      if (!one.held) return expect(refusedAs(attempt)).toBe('operation_conflict');
      attempt();
      one.seed = seed;
      return;
    }
    case 'close':
      pool.close();
      model.closed = true;
      for (const one of model.leases) one.held = false;
  }
}

function refusedAs(work: () => unknown): string {
  try {
    work();
    return 'nothing';
  } catch (error) {
    return error instanceof RunnerError ? error.faultName : String(error);
  }
}

function check(pool: ImagePool, model: Model): void {
  const held = [...model.held('raw'), ...model.held('encoded')];
  expect(new Set(held.map(({ lease }) => lease.sharedMemId)).size).toBe(held.length);
  const everyone = model.leases.map(({ lease }) => `${lease.sharedMemId}/${lease.generation}`);
  expect(new Set(everyone).size).toBe(everyone.length);
  expect(pool.stats()).toMatchObject({ leased: held.length, free: model.closed ? 0 : SEGMENTS * 2 - held.length });
  expect(existsSync(pool.folder)).toBe(!model.closed);
  for (const { lease, kind, seed } of held) {
    const path = join(pool.folder, lease.sharedMemId);
    const { width, byte_length: length = 0 } = lease.meta;
    if (kind === 'raw') expect(readNpy(`${path}.npy`).data.equals(testImage(width, width, 3, seed).data)).toBe(true);
    else expect(readFileSync(`${path}.bin`).equals(Buffer.alloc(length, seed % 256))).toBe(true);
  }
}

it('holds every image until its own lease ends, and returns every slot exactly once, in any history', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (history, preferMmap) => {
      const pool = await openImagePool({ folder: join(scratchFolder(), 'pool'), segments: SEGMENTS, preferMmap });
      const model = new Model();
      try {
        for (const step of history) {
          apply(step, pool, model);
          check(pool, model);
        }
      } finally {
        pool.close();
      }
      expect(existsSync(pool.folder)).toBe(false);
    }),
    { numRuns: 150 },
  );
  // Histories that never meet these cases would prove little.
  expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(3);
});
