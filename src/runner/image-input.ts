import { decodeImage, decodeImageFile, probeImage, readEncodedImageFile } from '../images/index.js';
import type { EncodedImage, RawImage, ImageMeta } from '../images/index.js';

/**
 * What a caller may give as an image: the path of a PNG or JPEG file, such a file's bytes, or raw uint8 pixels.
 *
 * `passThrough` hands the encoded bytes to the algorithm as they are; by default the Runner decodes (contract §7).
 */
export type ImageInput = string | Uint8Array | RawImage | EncodedImage;

export interface ImageFacts {
  /** Which camera took it; `file` by default for files. */
  readonly cameraId?: string;
  /** When it was taken, Unix milliseconds; now by default. */
  readonly timestampMs?: number;
  readonly passThrough?: boolean;
}

/** @throws RunnerError image_load_failed, before any call is made */
export async function loadImage(input: ImageInput, passThrough: boolean): Promise<RawImage | EncodedImage> {
  if (typeof input === 'string') return passThrough ? readEncodedImageFile(input) : decodeImageFile(input);
  if (!(input instanceof Uint8Array)) return input;
  return passThrough ? { bytes: input, ...probeImage(input) } : decodeImage(input);
}

/** The options with the image decoded, so that several calls share the work. */
export async function withLoadedImage<O extends ImageFacts & { readonly image?: ImageInput }>(
  options: O,
): Promise<O & { image?: RawImage | EncodedImage }> {
  if (options.image === undefined) return options as O & { image?: RawImage | EncodedImage };
  return { ...options, image: await loadImage(options.image, options.passThrough ?? false) };
}

/** What an algorithm is told of the image (contract §7); taken at `wallMs` when nobody says when. */
export const imageMeta = (meta: ImageMeta, { cameraId = 'file', timestampMs }: ImageFacts, wallMs: number) => ({
  ...meta,
  timestamp_ms: timestampMs ?? wallMs,
  camera_id: cameraId,
});
