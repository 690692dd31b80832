import { readFileSync } from 'node:fs';

export interface Array8 {
  readonly shape: number[];
  readonly data: Buffer;
}

/** Reads a uint8 NPY file by the letter of its specification; knows nothing of how the Runner writes one. */
export function readNpy(path: string): Array8 {
  const file = readFileSync(path);
  if (file.toString('latin1', 0, 6) !== '\x93NUMPY' || file[6] !== 1 || file[7] !== 0) throw new Error('not NPY 1.0');
  const end = 10 + file.readUInt16LE(8);
  const header = file.toString('latin1', 10, end);
  if (end % 64 !== 0 || !header.endsWith('\n')) throw new Error(`header is not padded to 64 bytes: ${header}`);
  const match = /^\{'descr': '\|u1', 'fortran_order': False, 'shape': \(([\d, ]+)\), \} *\n$/.exec(header);
  if (match === null) throw new Error(`not the dictionary of a C-ordered uint8 array: ${header}`);
  const shape = (match[1] ?? '').split(', ').map(Number);
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, data: file.subarray(end, end + length) };
}
