/** What decoding may cost; checked before anything of that size is allocated. */
export interface DecodeLimits {
  /** Width × height; 50 million by default. A few bytes of PNG can claim four billion by four billion. */
  readonly maxPixels?: number;
  /** Size of a file that is read; 256 MiB by default. */
  readonly maxFileBytes?: number;
}

export const DEFAULT_LIMITS: Required<DecodeLimits> = { maxPixels: 50_000_000, maxFileBytes: 256 * 1024 * 1024 };

/** The JPEG decoder counts what it allocates; about 20 bytes per pixel without subsampling. */
export const JPEG_BYTES_PER_PIXEL_MAX = 24;
