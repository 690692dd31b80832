/**
 * A segment of encoded bytes: a file that holds one PNG or JPEG and nothing else.
 *
 * INVARIANT: it is cut to its payload, so readers of whole files see exactly the image; it is therefore never mapped.
 */
import type { EncodedImage } from './image.js';
import type { SegmentFile } from './segment-file.js';

export class EncodedSegment {
  constructor(private readonly file: SegmentFile) {}

  get sizeBytes(): number {
    return this.file.sizeBytes;
  }

  fill({ bytes }: EncodedImage): void {
    this.file.write(bytes, 0);
    this.file.cut(bytes.length);
  }

  remove(): void {
    this.file.remove();
  }
}
