import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poseOf, renderBoard } from '../../examples/images/generator/board-image.js';
import { type BoardTruth, randomBoardSpec } from '../../examples/images/generator/board-set.js';
import { fixturePlate } from '../../examples/images/generator/camera.js';
import { type BoardLayout, readLayout } from '../../examples/images/generator/layout.js';
import { createRandom } from '../../examples/images/generator/random.js';
import { decodeImage } from './decode-image.js';
import { ScrewStation, missingByLayout } from './screw-station.js';
import { SEED_BASE } from './seed.js';
import { type Pixels } from './shared-image.js';

const EXAMPLES = resolve(import.meta.dirname, '../../examples');
const PROJECT = join(EXAMPLES, 'screw-check');
const IMAGES = join(EXAMPLES, 'images', 'screw-check');
const PIDS = ['A01', 'A02'] as const;
/** A hundred and more in a campaign of its own: `PROCVISION_BOARDS=100`. */
const BOARDS_PER_PID = Number(process.env['PROCVISION_BOARDS'] ?? 8);

const layouts = Object.fromEntries(PIDS.map((pid) => [pid, readLayout(PROJECT, pid)])) as Record<string, BoardLayout>;
const committed = JSON.parse(readFileSync(join(IMAGES, 'truth.json'), 'utf8')) as BoardTruth[];
const scratch = mkdtempSync(join(tmpdir(), 'procvision-screws-'));
let station: ScrewStation;

beforeAll(async () => {
  station = await ScrewStation.open(PROJECT);
});

afterAll(async () => {
  await station?.close();
  rmSync(scratch, { recursive: true, force: true });
});

function scaled({ width, height, data }: Pixels, gain: number): Pixels {
  return { width, height, data: data.map((level) => level * gain) };
}

/** A copy of the project to tamper with. */
function copyProject(name: string): string {
  const copy = join(scratch, name);
  cpSync(PROJECT, copy, { recursive: true });
  return copy;
}

describe('screw-check', () => {
  describe('on fresh boards', () => {
    it.each(PIDS)(
      `names exactly the missing screws on ${BOARDS_PER_PID} boards of %s`,
      { timeout: 60_000 },
      async (pid) => {
        const layout = layouts[pid]!;
        const latenciesMs: number[] = [];
        const counts = { OK: 0, NG: 0 };
        for (let n = 0; n < BOARDS_PER_PID; n++) {
          const spec = randomBoardSpec(layout, SEED_BASE + n);
          const context = `PROCVISION_SEED=${SEED_BASE}, seed ${spec.seed}, ${pid}, ${spec.conditions.join(', ')}`;
          const { verdict, missing, pose, latencyMs } = await station
            .inspect(pid, renderBoard(spec))
            .catch((error: unknown) => {
              throw new Error(context, { cause: error });
            });
          const expected = spec.missing.length > 0 ? 'NG' : 'OK';
          expect({ verdict, missing }, context).toEqual({ verdict: expected, missing: spec.missing });
          const { x, y, tiltDeg } = poseOf(spec);
          expect(Math.abs(pose.tilt_deg - tiltDeg), `deg off in ${context}`).toBeLessThan(0.1);
          expect(Math.hypot(pose.x - x, pose.y - y), `px off in ${context}`).toBeLessThan(2);
          counts[expected]++;
          latenciesMs.push(latencyMs);
        }
        expect(counts.OK, `good boards from PROCVISION_SEED=${SEED_BASE}`).toBeGreaterThanOrEqual(BOARDS_PER_PID / 5);
        expect(counts.NG, `bad boards from PROCVISION_SEED=${SEED_BASE}`).toBeGreaterThanOrEqual(BOARDS_PER_PID / 5);
        // The quickest, because the machine may be busy; on an idle one the median is about a tenth of this.
        expect(Math.min(...latenciesMs)).toBeLessThan(100);
      },
    );
  });

  describe('on the pictures of the repository', () => {
    it('judges by content: files that swapped their names keep their verdicts', { timeout: 60_000 }, async () => {
      const renamed = join(scratch, 'renamed');
      cpSync(IMAGES, renamed, { recursive: true });
      const names = committed.map(({ image }) => image);
      for (const name of names) renameSync(join(renamed, name), join(renamed, `${name}.moving`));
      // Each file gets the name that stands opposite in the list, so that good boards carry the names of bad ones.
      const newNames = names.toReversed();
      for (const [index, name] of names.entries()) {
        renameSync(join(renamed, `${name}.moving`), join(renamed, newNames[index]!));
      }

      for (const [index, truth] of committed.entries()) {
        const { verdict, missing } = await station.inspect(
          truth.pid,
          await decodeImage(join(renamed, newNames[index]!)),
        );
        expect({ verdict, missing }, `${truth.image} as ${newNames[index]}`).toEqual({
          verdict: truth.expected,
          missing: truth.missing,
        });
      }
      const verdictOf = new Map(committed.map(({ image, expected }) => [image, expected]));
      const crossed = names.filter((name, index) => verdictOf.get(name) !== verdictOf.get(newNames[index]!));
      expect(crossed.length, 'files that got the name of one with the other verdict').toBeGreaterThanOrEqual(4);
    });
  });

  describe('with the layouts of its two PIDs swapped', () => {
    it('gives the verdicts of the other layout', { timeout: 60_000 }, async () => {
      const project = copyProject('swapped');
      const asset = (pid: string): string => join(project, 'assets', `${pid}_layout.json`);
      renameSync(asset('A01'), join(scratch, 'aside.json'));
      renameSync(asset('A02'), asset('A01'));
      renameSync(join(scratch, 'aside.json'), asset('A02'));

      const swapped = await ScrewStation.open(project);
      try {
        for (const [pid, other] of [PIDS, PIDS.toReversed()] as [string, string][]) {
          for (let n = 0; n < 6; n++) {
            const spec = randomBoardSpec(layouts[pid]!, SEED_BASE + 1000 + n);
            const { verdict, missing } = await swapped.inspect(pid, renderBoard(spec));
            const expected = missingByLayout(layouts[other]!, layouts[pid]!, spec.missing);
            expect(expected, 'the layouts differ').not.toEqual(spec.missing);
            expect({ verdict, missing }, `PROCVISION_SEED=${SEED_BASE}, seed ${spec.seed}, ${pid}`).toEqual({
              verdict: 'NG',
              missing: expected,
            });
          }
        }
      } finally {
        await swapped.close();
      }
    });
  });

  describe('its answers', () => {
    const layout = layouts['A01']!;
    const board = (missing: string[]): Pixels =>
      renderBoard({ layout, missing, conditions: ['tilt'], seed: SEED_BASE });

    it('has the light probes in the first `pre`, the places of the screws in the second', async () => {
      const [image, flow] = [station.expose(board([])), station.newFlow()];
      const light = await station.algorithm.call({ phase: 'pre', step: 1, pid: 'A01', flow }, image);
      expect(light.data.calibration_rects?.map(({ label }) => label)).toEqual(Array(24).fill('light'));
      expect(light.data).not.toHaveProperty('result_status');
      await station.algorithm.call({ phase: 'execute', step: 1, pid: 'A01', flow }, image);
      const places = await station.algorithm.call({ phase: 'pre', step: 2, pid: 'A01', flow }, image);
      expect(places.data.calibration_rects?.map(({ label }) => label)).toEqual(layout.screws.map(({ name }) => name));
    });

    it('gives no verdict where it only locates', async () => {
      const { located } = await station.inspect('A01', board([]));
      expect(located.data).toMatchObject({ result_status: null, ng_reason: null, defect_rects: [] });
      expect(located.data.position_rects).toMatchObject([{ label: 'power board' }]);
    });

    it('says what is missing, where, and what is there', async () => {
      const { judged } = await station.inspect('A01', board(['S2', 'S7']));
      expect(judged.data.ng_reason).toBe('2 of 8 screws missing: S2, S7');
      expect(judged.data.defect_rects).toMatchObject([
        { label: 'missing_screw', name: 'S2' },
        { label: 'missing_screw', name: 'S7' },
      ]);
      expect(judged.data.position_rects?.map(({ name }) => name)).toEqual(['S1', 'S3', 'S4', 'S5', 'S6', 'S8']);
      for (const { x, y, width, height, score } of [...judged.data.defect_rects!, ...judged.data.position_rects!]) {
        expect(x >= 0 && y >= 0 && x + width <= 1920 && y + height <= 1200).toBe(true);
        expect(score > 0.5 && score <= 1).toBe(true);
      }
    });

    it('leaves out the screws that a variant does without', async () => {
      const [image, flow] = [station.expose(board(['S2'])), station.newFlow()];
      await station.algorithm.call({ phase: 'execute', step: 1, pid: 'A01', flow }, image);
      const params = { not_fitted: ['S2'], report_positions: false };
      const answer = await station.algorithm.call({ phase: 'execute', step: 2, pid: 'A01', flow, params }, image);
      expect(answer.data).toMatchObject({ result_status: 'OK', ng_reason: null, defect_rects: [], position_rects: [] });
    });
  });

  it('reads the colours in the order that the camera gives them', async () => {
    const layout = layouts['A02']!;
    const { width, height, data } = renderBoard({ layout, missing: ['C4'], conditions: [], seed: SEED_BASE });
    const reversed = data.map((_, at) => data[at + 2 - 2 * (at % 3)]!);
    const [image, flow] = [station.expose({ width, height, data: reversed }, 'BGR'), station.newFlow()];
    await station.algorithm.call({ phase: 'execute', step: 1, pid: 'A02', flow }, image);
    const { data: found } = await station.algorithm.call({ phase: 'execute', step: 2, pid: 'A02', flow }, image);
    expect(found).toMatchObject({ result_status: 'NG', ng_reason: '1 of 10 screws missing: C4' });
    const read = (found.debug?.['contrast'] as Record<string, number>)['C1'];
    expect(read, 'metal against mask in red; in blue the mask is half as bright as metal').toBeGreaterThan(0.8);
  });

  describe('when it cannot judge', () => {
    it.each([
      ['in the dark', 0.12, 'light_too_low', /min_brightness 30/],
      ['in glaring light', 2.6, 'light_too_high', /max_brightness 240/],
    ])('%s, `pre` is an error and no verdict', async (_, gain, code, message) => {
      const board = renderBoard({ layout: layouts['A01']!, missing: [], conditions: [], seed: SEED_BASE });
      const image = station.expose(scaled(board, gain));
      const answer = await station.algorithm.call(
        { phase: 'pre', step: 1, pid: 'A01', flow: station.newFlow() },
        image,
      );
      expect(answer, answer.message).toMatchObject({ status: 'ERROR', error_code: code });
      expect(answer.message).toMatch(message);
      expect(answer.data).not.toHaveProperty('result_status');
    });

    it('an empty fixture is an error that says what was looked for', async () => {
      const image = station.expose(fixturePlate(1920, 1200, createRandom(SEED_BASE)));
      const answer = await station.algorithm.call(
        { phase: 'execute', step: 1, pid: 'A01', flow: station.newFlow() },
        image,
      );
      expect(answer, answer.message).toMatchObject({ status: 'ERROR', error_code: 'board_not_found' });
      expect(answer.message).toMatch(/no power board .* edge is seen on \d+ % of the scan lines/);
    });

    it('step 2 in a flow without step 1 is an error that names step 1', async () => {
      const image = station.expose(renderBoard({ layout: layouts['A01']!, missing: [], conditions: [], seed: 1 }));
      const answer = await station.algorithm.call(
        { phase: 'execute', step: 2, pid: 'A01', flow: station.newFlow() },
        image,
      );
      expect(answer, answer.message).toMatchObject({ status: 'ERROR', error_code: 'board_not_located' });
      expect(answer.message).toMatch(/step 1/);
    });
  });

  describe('its release', () => {
    it('is whatever its manifest says: one source tree serves two versions', async () => {
      const project = copyProject('next-release');
      const manifest = JSON.parse(readFileSync(join(project, 'manifest.json'), 'utf8')) as Record<string, unknown>;
      writeFileSync(join(project, 'manifest.json'), JSON.stringify({ ...manifest, version: '1.1.0' }));
      const next = await ScrewStation.open(project);
      try {
        expect(await next.algorithm.info()).toMatchObject({
          name: 'screw-check',
          version: '1.1.0',
          supported_pids: PIDS,
        });
        expect(await station.algorithm.info()).toMatchObject({ version: manifest['version'] });
      } finally {
        await next.close();
      }
    });
  });
});
