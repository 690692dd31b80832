import { procText } from './proc.js';

/** The units in which the process table counts. */
export interface SystemUnits {
  readonly pageBytes: number;
  readonly ticksPerSecond: number;
}

/** Linux on x64, and what nearly every other Linux has. */
const USUAL: SystemUnits = { pageBytes: 4096, ticksPerSecond: 100 };

/** getauxval(3): pairs of machine words that the kernel hands to every program at its start. */
const AUXV_PAGE_BYTES = 6n;
const AUXV_TICKS_PER_SECOND = 17n;

export function systemUnits(): SystemUnits {
  const bytes = new Uint8Array(Buffer.from(procText('self/auxv') ?? '', 'latin1'));
  const words = new BigUint64Array(bytes.buffer, 0, Math.floor(bytes.length / 8));
  const valueOf = (key: bigint): number | undefined => {
    for (let i = 0; i + 1 < words.length; i += 2) if (words[i] === key) return Number(words[i + 1]);
    return undefined;
  };
  return {
    pageBytes: valueOf(AUXV_PAGE_BYTES) ?? USUAL.pageBytes,
    ticksPerSecond: valueOf(AUXV_TICKS_PER_SECOND) ?? USUAL.ticksPerSecond,
  };
}
