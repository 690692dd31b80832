/**
 * Pixels of a file's bytes, in the decoder's own process.
 *
 * INVARIANTS
 * - The library's loaders are closed but for four, and each is only given what its header was read of by us.
 * - Pixels come as the file stores them, without orientation, colour profiles, gamma or blending applied: what an
 *   algorithm's own decoder (OpenCV, Pillow) gives.
 */
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { RunnerError } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import { decodeBmp } from '../bmp.js';
import { cmykToRgb } from '../cmyk.js';
import { toEightBits } from '../eight-bits.js';
import { readImageHeader } from '../headers/image-header.js';
import type { ImageHeader } from '../headers/image-header.js';
import { assertJpegIsWhole } from '../headers/jpeg.js';
import { pngPixelChunks } from '../png-chunks.js';
import type { RawImage } from '../image.js';
import { imageFault, imageWarning } from '../image-fault.js';
import type { BitDepth, DecodeLimits } from '../limits.js';
import { assertSizeWithin } from '../within-limits.js';

export interface DecodeRequest extends Required<DecodeLimits> {
  /** Of 16-bit files. */
  readonly bitDepth: BitDepth;
}

const LOADERS = ['Jpeg', 'Png', 'Tiff', 'Webp'].map((format) => `VipsForeignLoad${format}Buffer`);

/** Once per process, before anything is decoded. */
export function closeLoaders(): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS });
  sharp.cache(false);
  sharp.concurrency(1);
}

/** @throws RunnerError image_load_failed for anything damaged, truncated, unknown or beyond the limits */
export async function decodeBytes(bytes: Buffer, request: DecodeRequest): Promise<RawImage> {
  const header = readImageHeader(bytes);
  assertSizeWithin(header, request);
  if (header.format === 'bmp') return decodeBmp(bytes);
  const decoded = await withLibrary(sourceOf(bytes, header), header, request);
  if (decoded.width !== header.width || decoded.height !== header.height) {
    throw imageFault(`its header says ${header.width}×${header.height}, its pixels ${decoded.width}×${decoded.height}`);
  }
  return decoded;
}

interface Source {
  readonly bytes: Buffer;
  /** See PngPixels. */
  readonly marksUnknown: boolean;
}

function sourceOf(bytes: Buffer, { format }: ImageHeader): Source {
  if (format === 'png') return pngPixelChunks(bytes);
  if (format === 'jpeg') assertJpegIsWhole(bytes);
  return { bytes, marksUnknown: false };
}

type FailOn = 'error' | 'warning';

/** Bytes between the last pixel and the end mark, as some cameras leave them; all the pixels are there. */
const HARMLESS = /extraneous bytes before marker 0xd9/;

async function withLibrary(source: Source, { format }: ImageHeader, request: DecodeRequest): Promise<RawImage> {
  try {
    return await decodeWith(source, request, 'warning');
  } catch (error) {
    if (error instanceof RunnerError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    if (HARMLESS.test(reason)) return decodeWith(source, request, 'error');
    throw imageFault(`this ${NAMES[format]} cannot be decoded: ${oneLine(reason)}`, error);
  }
}

const NAMES: Readonly<Record<ImageHeader['format'], string>> = {
  png: 'PNG',
  jpeg: 'JPEG',
  tiff: 'TIFF',
  bmp: 'BMP',
  webp: 'WebP',
};

/** The library reports line by line, the same thing more than once. */
const oneLine = (reason: string): string => [...new Set(reason.trim().split('\n'))].join('; ').slice(0, 300);

async function decodeWith(source: Source, request: DecodeRequest, failOn: FailOn): Promise<RawImage> {
  const image = sharp(source.bytes, {
    failOn,
    limitInputPixels: request.pixelsMax,
    unlimited: false,
    sequentialRead: true,
    ignoreIcc: true,
    page: 0,
    pages: 1,
  });
  const { space, depth, channels, pages = 1 } = await image.metadata();
  if (depth !== 'uchar' && depth !== 'ushort')
    throw imageFault(`it has samples of type ${depth}; save it with 8 or 16 bits`);
  if (!(space in COLOURS)) throw imageFault(`its colours are ${space}; save it as grey, RGB or CMYK`);
  const colours = COLOURS[space] as number;
  if (channels < colours) throw imageFault(`it has ${channels} channels where ${space} has ${colours}`);
  if (source.marksUnknown) await assertOpaque(image);
  const { data, info } = await pixelsOf(image, space, depth, channels - colours);
  const eight =
    depth === 'uchar'
      ? { data, warnings: [] }
      : toEightBits(new Uint16Array(data.buffer, data.byteOffset, data.length / 2), request.bitDepth);
  const { width, height } = info;
  const warnings = [...(pages > 1 ? [moreThanOne(pages)] : []), ...eight.warnings];
  return {
    width,
    height,
    channels: colours === 1 ? 1 : 3,
    data: colours === 4 ? cmykToRgb(eight.data) : eight.data,
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

/** How many channels of an image are colour; what comes behind them is alpha and dropped, not blended. */
const COLOURS: Readonly<Record<string, number>> = { 'b-w': 1, grey16: 1, srgb: 3, rgb: 3, rgb16: 3, cmyk: 4 };

const pixelsOf = (image: Sharp, space: string, depth: 'uchar' | 'ushort', alphas: number) =>
  (alphas > 0 ? image.removeAlpha() : image)
    .pipelineColourspace(space)
    .toColourspace(space)
    .raw({ depth })
    .toBuffer({ resolveWithObject: true });

async function assertOpaque(image: Sharp): Promise<void> {
  const alphas = await image.clone().extractChannel('alpha').raw().toBuffer();
  if (alphas.includes(0)) throw imageFault('this PNG has pixels of a colour that is not in its palette');
}

const moreThanOne = (pages: number): Fault =>
  imageWarning(`The file holds ${pages} images; only the first was looked at.`, { pages });
