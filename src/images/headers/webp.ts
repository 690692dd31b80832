import { imageFault } from '../image-fault.js';

/** Size of the first chunk's picture: lossy (`VP8 `), lossless (`VP8L`) or extended (`VP8X`). */
export function readWebpHeader(bytes: Buffer): { width: number; height: number } {
  if (bytes.toString('latin1', 8, 12) !== 'WEBP') throw imageFault('it is a RIFF file, but no WebP');
  if (bytes.length < 30) throw imageFault('this WebP is truncated in its header');
  const kind = bytes.toString('latin1', 12, 16);
  const data = 20;
  if (kind === 'VP8X') {
    return { width: bytes.readUIntLE(data + 4, 3) + 1, height: bytes.readUIntLE(data + 7, 3) + 1 };
  }
  if (kind === 'VP8L' && bytes[data] === 0x2f) {
    const bits = bytes.readUInt32LE(data + 1);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (kind === 'VP8 ' && bytes.readUIntBE(data + 3, 3) === 0x9d012a) {
    return { width: bytes.readUInt16LE(data + 6) & 0x3fff, height: bytes.readUInt16LE(data + 8) & 0x3fff };
  }
  throw imageFault('this WebP is damaged in its header');
}
