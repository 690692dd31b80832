/** What an image may cost; checked against its file and its header before anything of that size is read or allocated. */
export interface DecodeLimits {
  /** Width × height; 50 million by default. A few bytes of PNG can claim four billion by four billion. */
  readonly pixelsMax?: number;
  /** Width and height, each; 65,535 by default. */
  readonly sideMax?: number;
  /** Size of a file that is read; 256 MiB by default. */
  readonly fileBytesMax?: number;
  /** How long decoding may take, in milliseconds; 10,000 by default. What takes longer is refused. */
  readonly decodeMs?: number;
}

const DEFAULT_LIMITS: Required<DecodeLimits> = {
  pixelsMax: 50_000_000,
  sideMax: 65_535,
  fileBytesMax: 256 * 1024 * 1024,
  decodeMs: 10_000,
};

/** The limits that are given, on top of others: the defaults when left out. */
export const limitsOf = (
  { pixelsMax, sideMax, fileBytesMax, decodeMs }: DecodeLimits,
  others: Required<DecodeLimits> = DEFAULT_LIMITS,
): Required<DecodeLimits> => ({
  pixelsMax: pixelsMax ?? others.pixelsMax,
  sideMax: sideMax ?? others.sideMax,
  fileBytesMax: fileBytesMax ?? others.fileBytesMax,
  decodeMs: decodeMs ?? others.decodeMs,
});

/** Significant bits of the samples of a 16-bit file, where a camera fills only the lower ones. */
export type BitDepth = 10 | 12 | 14 | 16;

export const BIT_DEPTHS: readonly BitDepth[] = [10, 12, 14, 16];
