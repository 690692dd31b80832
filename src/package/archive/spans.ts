import type { FileHandle } from 'node:fs/promises';
import type { LoopBreaks } from '../loop-breaks.js';
import { readAt } from './envelope.js';
import { refusal } from './refusal.js';

/** What one entry takes of the file: local header, name, extra field and data; a descriptor may follow. */
export interface Span {
  readonly name: string;
  readonly start: number;
  readonly dataEnd: number;
  readonly hasDescriptor: boolean;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
}

/**
 * The entries must cover the file from its first byte to the central directory, without overlap and without a gap: what
 * no entry owns is where a second zip hides.
 *
 * @throws RunnerError invalid_zip
 */
export async function checkSpans(
  handle: FileHandle,
  spans: readonly Span[],
  directoryStart: number,
  breaks: LoopBreaks,
): Promise<void> {
  const inOrder = [...spans].sort((a, b) => a.start - b.start);
  const first = inOrder[0]?.start ?? directoryStart;
  if (first > 0 && inOrder.length > 0) throw refusal('prepended_data', `begins with ${first} bytes of something else`);
  if (first > 0) throw refusal('hidden_data', `lists no entry but holds ${first} bytes`);
  for (const [index, span] of inOrder.entries()) {
    await checkGap(handle, span, inOrder[index + 1]?.start ?? directoryStart);
    await breaks.pause();
  }
}

async function checkGap(handle: FileHandle, span: Span, next: number): Promise<void> {
  const gap = next - span.dataEnd;
  if (gap < 0) throw refusal('overlap', 'overlaps with what follows it', span.name);
  if (gap === 0 && !span.hasDescriptor) return;
  if (!span.hasDescriptor) throw refusal('hidden_data', `is followed by ${gap} bytes that no entry owns`, span.name);
  const found = await readAt(handle, span.dataEnd, Math.min(gap, DESCRIPTOR_BYTES_MAX));
  const fits = gap <= DESCRIPTOR_BYTES_MAX && descriptorsOf(span).some((descriptor) => descriptor.equals(found));
  if (!fits) throw refusal('local_header', 'is followed by a data descriptor that says something else', span.name);
}

const SIGNATURE = Buffer.from([0x50, 0x4b, 0x07, 0x08]);
const DESCRIPTOR_BYTES_MAX = 24;

/** The four ways writers put it: with and without signature, sizes of 4 and of 8 bytes. */
function descriptorsOf({ crc32, compressedSize, size }: Span): Buffer[] {
  const large = Buffer.alloc(20);
  large.writeUInt32LE(crc32, 0);
  large.writeBigUInt64LE(BigInt(compressedSize), 4);
  large.writeBigUInt64LE(BigInt(size), 12);
  const forms = [large];
  if (compressedSize <= 0xffffffff && size <= 0xffffffff) {
    const small = Buffer.alloc(12);
    small.writeUInt32LE(crc32, 0);
    small.writeUInt32LE(compressedSize, 4);
    small.writeUInt32LE(size, 8);
    forms.push(small);
  }
  return forms.flatMap((form) => [form, Buffer.concat([SIGNATURE, form])]);
}
