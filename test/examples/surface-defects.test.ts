import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Defect } from '../../examples/images/generator/surface-defect.js';
import { randomSurfaceSpec, type SurfaceTruth } from '../../examples/images/generator/surface-set.js';
import { type SurfaceSpec, readSurface, renderSurface } from '../../examples/images/generator/surface-image.js';
import { AlgorithmProcess, type Answer, type Rect } from './algorithm-process.js';
import { decodeImage } from './decode-image.js';
import { NUMPY_HINT, NUMPY_IS_REQUIRED, findNumpyPython } from './numpy-python.js';
import { SEED_BASE } from './seed.js';
import { type Pixels, SharedFolder } from './shared-image.js';

const EXAMPLES = resolve(import.meta.dirname, '../../examples');
const PROJECT = join(EXAMPLES, 'surface-defects');
const IMAGES = join(EXAMPLES, 'images', 'surface-defects');
const SURFACES_PER_PID = 12;

const python = findNumpyPython();
if (python === undefined) process.stderr.write(`surface-defects cannot be tested: ${NUMPY_HINT}\n`);

it('has an interpreter with NumPy and Pillow to run surface-defects', ({ skip }) => {
  if (!NUMPY_IS_REQUIRED) skip(python === undefined, NUMPY_HINT);
  expect(python, NUMPY_HINT).toBeDefined();
});

describe.skipIf(python === undefined)('surface-defects', () => {
  let folder: SharedFolder;
  let algorithm: AlgorithmProcess;
  let flows = 0;

  beforeAll(async () => {
    folder = new SharedFolder();
    algorithm = await AlgorithmProcess.start({
      project: PROJECT,
      entryPoint: 'surface_defects.main:SurfaceDefects',
      sharedFolder: folder.path,
      python: python!,
    });
  });

  afterAll(async () => {
    await algorithm?.stop();
    folder?.remove();
  });

  async function judge(pid: string, pixels: Pixels, params: Record<string, unknown> = {}): Promise<Answer> {
    const image = folder.write('camera', pixels);
    const flow = `flow-${++flows}`;
    const light = await algorithm.call({ phase: 'pre', step: 1, pid, flow, params }, image);
    if (light.status !== 'OK') return light;
    return algorithm.call({ phase: 'execute', step: 1, pid, flow, params }, image);
  }

  it.each(['B10', 'B20'])(
    `finds and names every defect, and nothing else, on ${SURFACES_PER_PID} surfaces of %s`,
    { timeout: 60_000 },
    async (pid) => {
      const surface = readSurface(PROJECT, pid);
      const seen = { OK: 0, NG: 0 };
      for (let n = 0; n < SURFACES_PER_PID; n++) {
        const spec = randomSurfaceSpec(surface, SEED_BASE + n);
        const { image, defects } = renderSurface(spec);
        const { data, message } = await judge(pid, image);
        const context = `PROCVISION_SEED=${SEED_BASE}, seed ${spec.seed}, ${pid}, ${spec.conditions.join(', ')}; ${message ?? ''}`;
        const expected = defects.length > 0 ? 'NG' : 'OK';
        expect(data.result_status, context).toBe(expected);
        expect(unmatched(data.defect_rects!, defects), context).toEqual({ missed: [], invented: [] });
        seen[expected]++;
      }
      expect(Math.min(seen.OK, seen.NG), `of both verdicts, from PROCVISION_SEED=${SEED_BASE}`).toBeGreaterThanOrEqual(
        3,
      );
    },
  );

  it('agrees with the truth about the pictures of the repository', async () => {
    const committed = JSON.parse(readFileSync(join(IMAGES, 'truth.json'), 'utf8')) as SurfaceTruth[];
    expect(committed.length).toBeGreaterThanOrEqual(6);
    for (const { image, pid, expected, kinds } of committed) {
      const { data } = await judge(pid, await decodeImage(join(IMAGES, image)));
      expect(
        { verdict: data.result_status, kinds: data.defect_rects?.map(({ label }) => label).toSorted() },
        image,
      ).toEqual({
        verdict: expected,
        kinds: kinds.toSorted(),
      });
    }
  });

  describe('its parameters', () => {
    const spec = (...kinds: SurfaceSpec['kinds']): SurfaceSpec => ({
      surface: readSurface(PROJECT, 'B10'),
      kinds,
      conditions: [],
      seed: SEED_BASE,
    });

    it('names the reason by kind and number', async () => {
      const { data } = await judge('B10', renderSurface(spec('scratch', 'spot', 'scratch')).image);
      expect(data.ng_reason).toBe('2 scratches, 1 spot');
    });

    it('tolerates as many defects of a kind as it is told to, and reports them all the same', async () => {
      const { data } = await judge('B10', renderSurface(spec('spot')).image, { tolerated: { spot: 1 } });
      expect(data).toMatchObject({ result_status: 'OK', ng_reason: null, defect_rects: [{ label: 'spot' }] });
    });

    it('looks only for what it is told to', async () => {
      const { data } = await judge('B10', renderSurface(spec('spot', 'scratch')).image, { look_for: ['stain'] });
      expect(data).toMatchObject({ result_status: 'OK', defect_rects: [] });
    });

    it('judges only inside the inspection area, in coordinates of the whole picture', async () => {
      const { image, defects } = renderSurface(spec('spot'));
      const { x, y } = defects[0]!.box;
      const around = {
        x: Math.max(0, Math.floor(x) - 90),
        y: Math.max(0, Math.floor(y) - 90),
        width: 240,
        height: 240,
      };
      const inside = await judge('B10', image, { inspection_area: around });
      expect(unmatched(inside.data.defect_rects!, defects)).toEqual({ missed: [], invented: [] });
      const elsewhere = { x: x > 640 ? 0 : 700, y: 0, width: 500, height: 800 };
      expect((await judge('B10', image, { inspection_area: elsewhere })).data.result_status).toBe('OK');
    });
  });

  it('refuses to judge in the dark, with no verdict', async () => {
    const { image } = renderSurface({ surface: readSurface(PROJECT, 'B10'), kinds: [], conditions: [], seed: 1 });
    const answer = await judge('B10', { ...image, data: image.data.map((level) => level * 0.2) });
    expect(answer, answer.message).toMatchObject({ status: 'ERROR', error_code: 'light_too_low' });
    expect(answer.data).not.toHaveProperty('result_status');
  });
});

/** Reported and true defects that have no partner of the same kind in the same place. */
function unmatched(reported: readonly Rect[], defects: readonly Defect[]): { missed: string[]; invented: string[] } {
  const matches = ({ kind, box }: Defect, { label, x, y, width, height }: Rect): boolean =>
    kind === label && x < box.x + box.width && box.x < x + width && y < box.y + box.height && box.y < y + height;
  return {
    missed: defects.filter((defect) => !reported.some((rect) => matches(defect, rect))).map(({ kind }) => kind),
    invented: reported
      .filter((rect) => !defects.some((defect) => matches(defect, rect)))
      .map(({ label, x, y, width, height }) => `${label} at ${x},${y} of ${width}×${height}`),
  };
}
