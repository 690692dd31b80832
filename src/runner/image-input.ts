import {
  assertEncodedWithin,
  isEncodedImage,
  isStrided,
  packImage,
  probeImage,
  readEncodedImageFile,
  ReservedImage,
} from '../images/index.js';
import type {
  BitDepth,
  CallImage,
  EncodedImage,
  ImageDecoder,
  ImageMeta,
  ImageReservation,
  RawImage,
  StridedImage,
} from '../images/index.js';
import type { CallResult } from './results.js';

/**
 * What a caller may give as an image: the path of a PNG, JPEG, TIFF, BMP or WebP file, such a file's bytes, or raw uint8
 * pixels, whose rows may be apart (`stride`) and which may have a fourth channel.
 *
 * `passThrough` hands the encoded bytes of a PNG or JPEG to the algorithm as they are; by default the Runner decodes (contract §7).
 */
export type ImageInput = string | Uint8Array | RawImage | StridedImage | EncodedImage | ImageReservation;

export interface ImageFacts {
  /** Which camera took it; `file` by default for files. */
  readonly cameraId?: string;
  /** When it was taken, Unix milliseconds; now by default. */
  readonly timestampMs?: number;
  readonly passThrough?: boolean;
  /** Significant bits of a 16-bit file's samples: 10, 12, 14 or 16, the default. */
  readonly bitDepth?: BitDepth;
}

type LoadOptions = Pick<ImageFacts, 'passThrough' | 'bitDepth'> & { readonly signal?: AbortSignal };

/** @throws RunnerError image_load_failed, before any call is made */
export async function loadImage(input: ImageInput, options: LoadOptions, decoder: ImageDecoder): Promise<CallImage> {
  const passThrough = options.passThrough ?? false;
  if (typeof input === 'string') {
    return passThrough ? readEncodedImageFile(input, decoder.limits) : decoder.decodeFile(input, options);
  }
  if (input instanceof Uint8Array) {
    return passThrough ? { bytes: input, ...probeImage(input, decoder.limits) } : decoder.decodeBytes(input, options);
  }
  if (input instanceof ReservedImage) return input;
  if (isEncodedImage(input)) assertEncodedWithin(input, decoder.limits);
  return isStrided(input) ? packImage(input) : input;
}

/** The options with the image decoded, so that several calls share the work. */
export async function withLoadedImage<O extends ImageFacts & { readonly image?: ImageInput }>(
  options: O,
  decoder: ImageDecoder,
): Promise<O & { image?: CallImage }> {
  if (options.image === undefined) return options as O & { image?: CallImage };
  return { ...options, image: await loadImage(options.image, options, decoder) };
}

/** A call's result with what was doubtful of its image among its warnings. */
export function withImageWarnings(result: CallResult, image: CallImage | null): CallResult {
  const warnings = image !== null && 'warnings' in image ? image.warnings : undefined;
  if (result.status !== 'OK' || warnings === undefined) return result;
  return { ...result, warnings: [...warnings, ...result.warnings] };
}

/** What an algorithm is told of the image (contract §7); taken at `wallMs` when nobody says when. */
export const imageMeta = (meta: ImageMeta, { cameraId = 'file', timestampMs }: ImageFacts, wallMs: number) => ({
  ...meta,
  timestamp_ms: timestampMs ?? wallMs,
  camera_id: cameraId,
});
