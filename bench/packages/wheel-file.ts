import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';

export interface WheelFile {
  readonly file: string;
  readonly bytes: Buffer;
  /** The line of a requirements.txt. */
  readonly requirement: string;
}

export const VERSION = '1.0.0';
const EPOCH = new Date('2020-01-01T00:00:00Z');

/** A wheel of these files, by path, with what a wheel says of itself. @param name as in its module's folder */
export async function wheelFile(name: string, files: ReadonlyMap<string, Buffer>): Promise<WheelFile> {
  const info = `${name}-${VERSION}.dist-info`;
  const metadata = `Metadata-Version: 2.1\nName: ${name}\nVersion: ${VERSION}\n`;
  const wheel = 'Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n';
  const all = new Map(files).set(`${info}/METADATA`, Buffer.from(metadata)).set(`${info}/WHEEL`, Buffer.from(wheel));
  const record = [...all].map(([path, bytes]) => `${path},sha256=${digest(bytes)},${bytes.length}`);
  all.set(`${info}/RECORD`, Buffer.from([...record, `${info}/RECORD,,`, ''].join('\n')));

  const zip = new yazl.ZipFile();
  for (const [path, bytes] of all) zip.addBuffer(bytes, path, { mtime: EPOCH, mode: 0o100644 });
  zip.end();
  const file = `${name}-${VERSION}-py3-none-any.whl`;
  return { file, bytes: await buffer(zip.outputStream), requirement: `${name}==${VERSION}` };
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64url');
