import type { Fault } from '../../base/errors/index.js';
import type { Shape } from '../image.js';
import type { DecodeRequest } from './decode-bytes.js';

/**
 * What goes between the Runner and a decoder process. Bytes and pixels never travel in messages: they lie in the scratch
 * file that both have open, as descriptor SCRATCH_FD on the decoder's side, or in a file that a request names.
 */
export const SCRATCH_FD = 4;

/** The decoder reads a path itself; bytes lie at the beginning of the scratch file. */
export type Source = { readonly path: string } | { readonly byteLength: number };

export interface ToDecoder extends DecodeRequest {
  readonly source: Source;
  /** A file that is there, for the pixels behind their NPY header; the scratch file when null. */
  readonly into: string | null;
}

/** An image without its pixels: those are where the request wanted them. */
export interface DecodedShape extends Shape {
  readonly warnings?: readonly Fault[];
}

export type FromDecoder = { readonly ready: true } | { readonly fault: Fault } | DecodedShape;
