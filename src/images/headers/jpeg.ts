import { imageFault } from '../image-fault.js';

export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** Where the compressed data begins. */
  readonly dataOffset: number;
}

const SOS = 0xda;
const EOI = 0xd9;

/** Each scan walks the whole image: a small file with thousands of them would keep the decoder busy for hours. */
const SCANS_MAX = 100;

/**
 * Headers are read on the event loop, and may be as long as the file. What files have: up to 255 segments of a colour profile,
 * some of a maker's notes, hardly a fill byte.
 */
const SEGMENTS_MAX = 4096;
const FILL_BYTES_MAX = 65_536;

const END_OF_IMAGE = Buffer.from([0xff, EOI]);
const START_OF_SCAN = Buffer.from([0xff, SOS]);

/** Reads the segments up to the first scan. @throws RunnerError image_load_failed */
export function readJpegHeader(bytes: Buffer): JpegHeader {
  let frame: { width: number; height: number } | undefined;
  for (let offset = 2, segments = 1; ; segments += 1) {
    if (segments > SEGMENTS_MAX) throw imageFault(`this JPEG has more than ${SEGMENTS_MAX} segments before its pixels`);
    const { marker, start, end } = segmentAt(bytes, offset);
    if (marker === SOS && frame !== undefined) return { ...frame, dataOffset: end };
    if (marker === SOS || marker === EOI) throw imageFault('this JPEG has no frame header');
    if (isFrame(marker)) frame = frameIn(bytes.subarray(start, end), marker);
    offset = end;
  }
}

/** A marker segment: its payload lies between `start` and `end`. Fill bytes before the marker are skipped. */
function segmentAt(bytes: Buffer, offset: number): { marker: number; start: number; end: number } {
  let at = offset;
  if (at < bytes.length && bytes[at] !== 0xff) throw imageFault('this JPEG is damaged in its header');
  while (bytes[at] === 0xff && at - offset <= FILL_BYTES_MAX) at += 1;
  if (at - offset > FILL_BYTES_MAX) throw imageFault(`this JPEG has more than ${FILL_BYTES_MAX} fill bytes in a row`);
  const marker = bytes[at];
  if (marker === undefined || at + 3 > bytes.length) throw imageFault('this JPEG is truncated in its header');
  const end = at + 1 + bytes.readUInt16BE(at + 1);
  if (end < at + 3) throw imageFault('this JPEG is damaged in its header');
  if (end > bytes.length) throw imageFault('this JPEG is truncated in its header');
  return { marker, start: at + 3, end };
}

/** Start-of-frame markers lie between C0 and CF; C4, C8 and CC mean something else. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function frameIn(payload: Buffer, marker: number): { width: number; height: number } {
  if (payload.length < 6) throw imageFault('this JPEG is damaged in its header');
  if (marker > 0xc2)
    throw imageFault('this JPEG is lossless, hierarchical or arithmetically coded; save it as baseline');
  const precision = payload.readUInt8(0);
  if (precision !== 8) throw imageFault(`this JPEG has ${precision} bits per sample; save it with 8`);
  return { width: payload.readUInt16BE(3), height: payload.readUInt16BE(1) };
}

/** The decoder fills what is missing with grey. Cameras may pad after the end, so only its presence counts. */
export function assertJpegIsWhole(bytes: Buffer): void {
  const { dataOffset } = readJpegHeader(bytes);
  if (bytes.lastIndexOf(END_OF_IMAGE) < dataOffset) throw imageFault('this JPEG is truncated');
  let scans = 1;
  for (let at = bytes.indexOf(START_OF_SCAN, dataOffset); at >= 0; at = bytes.indexOf(START_OF_SCAN, at + 2))
    scans += 1;
  if (scans > SCANS_MAX) throw imageFault(`this JPEG has ${scans} scans; more than ${SCANS_MAX} are refused`);
}
