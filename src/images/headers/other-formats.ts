/** Formats that are told by name when they are refused: [name, what the file holds, from which byte on]. */
const OTHERS: readonly (readonly [name: string, content: Buffer, offset: number])[] = [
  ['a GIF', Buffer.from('GIF8'), 0],
  ['a PDF', Buffer.from('%PDF'), 0],
  ['an SVG', Buffer.from('<svg'), 0],
  ['XML, such as an SVG', Buffer.from('<?xml'), 0],
  ['a HEIF or AVIF', Buffer.from('ftyp'), 4],
  ['a JPEG XL', Buffer.from('ff0a', 'hex'), 0],
  ['a JPEG XL', Buffer.from('JXL '), 4],
  ['a JPEG 2000', Buffer.from('jP  '), 4],
  ['a JPEG 2000', Buffer.from('ff4fff51', 'hex'), 0],
  ['an OpenEXR', Buffer.from('762f3101', 'hex'), 0],
  ['a Radiance picture', Buffer.from('#?'), 0],
  ['a FITS', Buffer.from('SIMPLE  ='), 0],
  ['a Photoshop document', Buffer.from('8BPS'), 0],
  ['an icon', Buffer.from('00000100', 'hex'), 0],
  ['a DICOM', Buffer.from('DICM'), 128],
  ['an NPY array', Buffer.from('934e554d5059', 'hex'), 0],
  ['a zip', Buffer.from('504b0304', 'hex'), 0],
  ['gzip data', Buffer.from('1f8b', 'hex'), 0],
  ...['1', '2', '3', '4', '5', '6', '7'].map((kind) => ['a Netpbm picture', Buffer.from(`P${kind}`), 0] as const),
];

/** What a file is that is not read, where it can be told. */
export function otherFormat(bytes: Buffer): string | null {
  const found = OTHERS.find(([, content, at]) => bytes.subarray(at, at + content.length).equals(content));
  return found?.[0] ?? null;
}
