/** Image files: decoding them, and showing on a copy what was found. */
export { decodeImageFile, drawRect, encodePng, probeImageFile, toRgb } from '../images/index.js';
export type { BitDepth, DecodeOptions, RawImage } from '../images/index.js';
