/** A station that inspects boards with screw-check: one process, one segment, both steps per picture. */
import { type BoardLayout } from '../../examples/images/generator/layout.js';
import { AlgorithmProcess, type Answer } from './algorithm-process.js';
import { type Pixels, SharedFolder, type SharedImage } from './shared-image.js';

export interface Inspection {
  readonly verdict: 'OK' | 'NG' | null;
  /** Names of the screws reported as missing, in the layout's order. */
  readonly missing: readonly string[];
  /** Where the board was found: centre in px, clockwise tilt. */
  readonly pose: { readonly x: number; readonly y: number; readonly tilt_deg: number };
  readonly located: Answer;
  readonly judged: Answer;
  /** What the algorithm itself took for both `execute` calls. */
  readonly latencyMs: number;
}

export class ScrewStation {
  readonly #folder: SharedFolder;
  readonly algorithm: AlgorithmProcess;
  #flows = 0;

  private constructor(algorithm: AlgorithmProcess, folder: SharedFolder) {
    this.algorithm = algorithm;
    this.#folder = folder;
  }

  static async open(project: string): Promise<ScrewStation> {
    const folder = new SharedFolder();
    const entryPoint = 'screw_check.main:ScrewCheck';
    try {
      return new ScrewStation(await AlgorithmProcess.start({ project, entryPoint, sharedFolder: folder.path }), folder);
    } catch (error) {
      folder.remove();
      throw error;
    }
  }

  expose(pixels: Pixels, colorSpace: 'RGB' | 'BGR' = 'RGB'): SharedImage {
    return this.#folder.write('camera', pixels, colorSpace);
  }

  newFlow(): string {
    return `flow-${++this.#flows}`;
  }

  /** Walks both steps; throws when a call fails, with its message. */
  async inspect(pid: string, pixels: Pixels): Promise<Inspection> {
    const image = this.expose(pixels);
    const flow = this.newFlow();
    await this.#run({ phase: 'pre', step: 1, pid, flow }, image);
    const located = await this.#run({ phase: 'execute', step: 1, pid, flow }, image);
    await this.#run({ phase: 'pre', step: 2, pid, flow }, image);
    const judged = await this.#run({ phase: 'execute', step: 2, pid, flow }, image);
    const latencies = [located, judged].map(({ data }) => Number(data.debug?.['latency_ms']));
    return {
      verdict: judged.data.result_status ?? null,
      missing: (judged.data.defect_rects ?? []).map(({ name }) => name ?? 'without a name'),
      pose: located.data.debug?.['pose'] as Inspection['pose'],
      located,
      judged,
      latencyMs: latencies.reduce((sum, latency) => sum + latency, 0),
    };
  }

  async close(): Promise<void> {
    await this.algorithm.stop();
    this.#folder.remove();
  }

  async #run(call: Parameters<AlgorithmProcess['call']>[0], image: SharedImage): Promise<Answer> {
    const answer = await this.algorithm.call(call, image);
    if (answer.status === 'OK') return answer;
    throw new Error(`${call.phase} of step ${call.step} failed with ${answer.error_code}: ${answer.message}`);
  }
}

/** What an inspection by the layout `expected` must miss on a board that was built by `built` without `absent`. */
export function missingByLayout(expected: BoardLayout, built: BoardLayout, absent: readonly string[]): string[] {
  const fitted = built.screws.filter(({ name }) => !absent.includes(name));
  return expected.screws
    .filter(({ x_mm, y_mm }) => !fitted.some((screw) => Math.hypot(screw.x_mm - x_mm, screw.y_mm - y_mm) < 1))
    .map(({ name }) => name);
}
