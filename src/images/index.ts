/** Images: the pool of shared-memory segments, decoding of files, and what is needed to show a result (contract §7). */
export { openImagePool } from './pool.js';
export type { ImagePool, ImagePoolOptions, ImagePoolStats } from './pool.js';
export type { FilledLease, ImageMeta, Lease, Reservation, ReservedShape } from './lease.js';
export type { Reclaimed } from './pool-folder.js';
export type { FileOperations } from './segment-file.js';
export type { Channels, ColorSpace, EncodedImage, ImageFormat, RawImage, Shape } from './image.js';
export { decodeImage, probeImage } from './decode.js';
export type { ImageInfo } from './decode.js';
export { decodeImageFile, readEncodedImageFile } from './image-file.js';
export type { DecodeLimits } from './limits.js';
export { encodePng } from './png.js';
export { toRgb } from './color.js';
export { drawRect } from './draw.js';
export type { Color, Rect } from './draw.js';
export { loadMapFile } from './mapping.js';
export { listSegments } from './pool-folder.js';
