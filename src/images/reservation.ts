import type { ColorSpace, Shape } from './image.js';

export interface ReservedShape extends Shape {
  readonly colorSpace?: ColorSpace;
}

export interface ImageReservation extends ReservedShape {
  /**
   * width × height × channels bytes of uint8, row by row, in ordinary memory; zeros at first. Getting it says that it is to
   * be written. The same array may be written again for the next image, once no call looks at this one.
   *
   * @throws RunnerError operation_conflict after the end
   */
  readonly pixels: Uint8Array;
  /**
   * For a driver in another process: it writes the pixels into this file from `offsetBytes` on, and the Runner copies
   * nothing. The memory is taken as it is written.
   *
   * @throws RunnerError operation_conflict after the end; image_pool_full
   */
  readonly file: { readonly path: string; readonly offsetBytes: number };
  /**
   * Writes `pixels` into the segment. A call does it by itself after `pixels` was got; after later changes it has to be said.
   *
   * @throws RunnerError image_pool_full; operation_conflict after the end, or while a call looks at it
   */
  commit(): Promise<void>;
  /** Ends it; calls under way keep what they look at. False if it had ended. */
  release(): boolean;
}
