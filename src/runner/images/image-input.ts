import {
  assertEncodedWithin,
  DecodedImage,
  isEncodedImage,
  isStrided,
  packImage,
  probeImage,
  readEncodedImageFile,
  ReservedImage,
} from '../../images/index.js';
import type {
  BitDepth,
  CallImage,
  DecodedFile,
  EncodedImage,
  ImageDecoder,
  ImageMeta,
  ImageReservation,
  RawImage,
  StridedImage,
} from '../../images/index.js';
import type { CallResult } from '../calls/results.js';

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

/** What images are loaded with, for calls of one release. */
export interface ImageLoader {
  readonly decoder: ImageDecoder;
  readonly takeFile: () => DecodedFile | null;
}

/** @throws RunnerError image_load_failed, before any call is made */
export async function loadImage(
  input: ImageInput | DecodedImage,
  options: LoadOptions,
  loader: ImageLoader,
): Promise<CallImage> {
  const { decoder, takeFile } = loader;
  if (typeof input === 'string' || input instanceof Uint8Array) {
    if (options.passThrough !== true) return decoder.decodeInto(takeFile, input, options);
    if (typeof input === 'string') return readEncodedImageFile(input, decoder.limits);
    return { bytes: input, ...probeImage(input, decoder.limits) };
  }
  if (input instanceof ReservedImage || input instanceof DecodedImage) return input;
  if (isEncodedImage(input)) assertEncodedWithin(input, decoder.limits);
  return isStrided(input) ? packImage(input) : input;
}

/** Options of which the image may be loaded already. */
export type Loadable<O> = Omit<O, 'image'> & LoadOptions & { readonly image?: ImageInput | DecodedImage };

export type Loaded<O> = Omit<O, 'image'> & { readonly image?: CallImage };

/** Does work with the image loaded once, however many calls it makes; what was loaded for it is let go of afterwards. */
export async function withLoadedImage<O extends ImageFacts, T>(
  options: Loadable<O>,
  loader: ImageLoader,
  work: (loaded: Loaded<O>) => Promise<T>,
): Promise<T> {
  if (options.image === undefined) return work(options as Loaded<O>);
  const image = await loadImage(options.image, options, loader);
  try {
    return await work({ ...options, image });
  } finally {
    if (image !== options.image && image instanceof DecodedImage) image.unuse();
  }
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
