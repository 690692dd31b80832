import type { Fault } from '../../errors/index.js';
import type { Channels } from '../image.js';
import type { DecodeRequest } from './decode-bytes.js';

/**
 * What goes between the Runner and a decoder process. Bytes and pixels never travel in messages: they lie in the scratch
 * file that both have open, as descriptor SCRATCH_FD on the decoder's side.
 */
export const SCRATCH_FD = 4;

/** The decoder reads a path itself; bytes lie at the beginning of the scratch file. */
export type Source = { readonly path: string } | { readonly byteLength: number };

export interface ToDecoder extends DecodeRequest {
  readonly source: Source;
}

/** Where pixels are, at the beginning of the scratch file, when there is an image. */
export type FromDecoder =
  | { readonly ready: true }
  | { readonly fault: Fault }
  | {
      readonly width: number;
      readonly height: number;
      readonly channels: Channels;
      readonly warnings?: readonly Fault[];
    };
