import { decodeImageFile } from '../../api/images.js';
import type { DecodeOptions } from '../../api/images.js';
import type { Detection } from '../../api/results.js';
import type { RunnerApi } from '../../api/runner-api.js';
import { RunnerError } from '../../base/errors/index.js';
import type { Fault, FaultName } from '../../base/errors/index.js';
import type { Annotator } from './annotator.js';
import type { ParamsByStep } from './read-params.js';

/** One image: what came of its flow, or why there was none. */
export interface Inspected {
  readonly image: string;
  readonly pid: string;
  readonly detection: Detection | null;
  readonly fault: Fault | null;
  /** The PNG that shows what was found. */
  readonly annotated: string | null;
}

export interface Inspection {
  readonly pid: string;
  readonly images: readonly string[];
  readonly steps?: readonly number[];
  readonly params: ParamsByStep;
  /** How images are decoded. */
  readonly decoding: DecodeOptions;
  readonly annotator?: Annotator;
  readonly signal: AbortSignal;
  onImage(number: number): void;
}

/** What is wrong with one image says nothing of the next. Everything else would go wrong with each of them. */
const OF_THE_IMAGE: ReadonlySet<FaultName> = new Set(['image_load_failed', 'coordinate_invalid']);

/** A flow of its own for every image, one after the other. */
export async function inspectImages(api: RunnerApi, inspection: Inspection): Promise<readonly Inspected[]> {
  const done: Inspected[] = [];
  for (const [i, image] of inspection.images.entries()) {
    inspection.onImage(i + 1);
    done.push(await inspectImage(api, image, inspection));
  }
  return done;
}

async function inspectImage(
  api: RunnerApi,
  path: string,
  { pid, steps, params, decoding, annotator, signal }: Inspection,
): Promise<Inspected> {
  try {
    const image = await decodeImageFile(path, { ...decoding, signal });
    const detection = await api.detect({ pid, image, params, signal, ...(steps === undefined ? {} : { steps }) });
    const annotated = detection.status === 'OK' ? await annotator?.write(path, image, detection) : undefined;
    return { image: path, pid, detection, fault: detection.fault, annotated: annotated ?? null };
  } catch (error) {
    if (!(error instanceof RunnerError) || !OF_THE_IMAGE.has(error.faultName)) throw error;
    return { image: path, pid, detection: null, fault: error.toFault(), annotated: null };
  }
}
