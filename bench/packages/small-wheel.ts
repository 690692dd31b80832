import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';

export interface SmallWheel {
  readonly file: string;
  readonly bytes: Buffer;
  /** The line of a requirements.txt. */
  readonly requirement: string;
}

const VERSION = '1.0.0';
const MODULES = 8;
const EPOCH = new Date('2020-01-01T00:00:00Z');

/** A wheel as small pure-Python dependencies are: a package of some modules with a few functions each. */
export async function smallWheel(number: number): Promise<SmallWheel> {
  const name = `bench_wheel_${String(number).padStart(2, '0')}`;
  const info = `${name}-${VERSION}.dist-info`;
  const files = new Map([[`${name}/__init__.py`, `__version__ = "${VERSION}"\n`]]);
  for (let i = 1; i <= MODULES; i++) files.set(`${name}/module_${i}.py`, moduleText(i));
  files.set(`${info}/METADATA`, `Metadata-Version: 2.1\nName: ${name}\nVersion: ${VERSION}\n`);
  files.set(`${info}/WHEEL`, 'Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
  const record = [...files].map(([path, text]) => `${path},sha256=${digest(text)},${Buffer.byteLength(text)}`);
  files.set(`${info}/RECORD`, [...record, `${info}/RECORD,,`, ''].join('\n'));

  const zip = new yazl.ZipFile();
  for (const [path, text] of files) zip.addBuffer(Buffer.from(text), path, { mtime: EPOCH, mode: 0o100644 });
  zip.end();
  const file = `${name}-${VERSION}-py3-none-any.whl`;
  return { file, bytes: await buffer(zip.outputStream), requirement: `${name}==${VERSION}` };
}

const moduleText = (number: number): string =>
  Array.from(
    { length: 20 },
    (_, i) => `def function_${number}_${i}(value: int) -> int:\n    return value + ${i}\n`,
  ).join('\n\n');

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');
