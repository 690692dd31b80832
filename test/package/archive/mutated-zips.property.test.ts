import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RunnerError } from '../../../src/base/errors/index.js';
import { extractArchive, readArchive } from '../../../src/package/index.js';
import { everythingIn, tempFolder } from '../support/temp-folder.js';
import { DESCRIPTOR, descriptor, zipBytes } from '../support/zip-bytes.js';

const folder = await tempFolder();

const FILES: Readonly<Record<string, string>> = {
  'manifest.json': '{"name": "screw-check"}',
  'src/main.py': 'print("hello")\n'.repeat(40),
  'assets/größe.txt': 'streamed',
};
const [manifest = '', source = '', streamed = ''] = Object.values(FILES);
const SOUND = zipBytes([
  { name: 'manifest.json', data: manifest },
  { name: 'src/', data: '' },
  { name: 'src/main.py', data: source, deflate: true },
  {
    name: 'assets/größe.txt',
    data: streamed,
    deflate: true,
    flags: DESCRIPTOR | 0x800,
    local: { crc: 0, size: 0, compressedSize: 0 },
    after: descriptor(streamed, deflateRawSync(streamed).length, { signature: true, wide: false }),
  },
]);

/** What a zip unpacks to, or the refusal; anything else that happens fails the property. */
async function outcomeOf(bytes: Uint8Array): Promise<Record<string, string> | RunnerError> {
  const place = await mkdtemp(join(folder, 'case-'));
  const [zip, out] = [join(place, 'package.zip'), join(place, 'out')];
  await writeFile(zip, bytes);
  try {
    await extractArchive(await readArchive(zip), out);
    const paths = (await everythingIn(out)).filter((path) => !path.endsWith('/'));
    const texts = await Promise.all(paths.map((path) => readFile(join(out, path), 'utf8')));
    return Object.fromEntries(paths.map((path, at): [string, string] => [path, texts[at] ?? '']));
  } catch (error) {
    expect(await everythingIn(place)).toEqual(['package.zip']);
    if (error instanceof RunnerError && error.faultName === 'invalid_zip') return error;
    throw error;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

const flips = fc.array(fc.tuple(fc.nat(SOUND.length - 1), fc.integer({ min: 1, max: 255 })), {
  minLength: 1,
  maxLength: 4,
});

it('a zip with some bytes changed is refused, or unpacks to what it was', async () => {
  await fc.assert(
    fc.asyncProperty(flips, async (changes) => {
      const bytes = Buffer.from(SOUND);
      for (const [at, mask] of changes) bytes[at] = (bytes[at] ?? 0) ^ mask;
      const outcome = await outcomeOf(bytes);
      if (!(outcome instanceof RunnerError)) expect(outcome).toEqual(FILES);
    }),
    { numRuns: 500 },
  );
});

it('a zip with a piece cut out, doubled or put in is refused', async () => {
  const piece = fc.record({
    at: fc.nat(SOUND.length - 1),
    length: fc.integer({ min: 1, max: 60 }),
    what: fc.constantFrom('cut', 'double', 'insert'),
  });
  await fc.assert(
    fc.asyncProperty(piece, async ({ at, length, what }) => {
      const [head, body] = [SOUND.subarray(0, at), SOUND.subarray(at, at + length)];
      const middle = {
        cut: Buffer.alloc(0),
        double: Buffer.concat([body, body]),
        insert: Buffer.concat([Buffer.alloc(length, 7), body]),
      }[what];
      expect(await outcomeOf(Buffer.concat([head, middle ?? body, SOUND.subarray(at + length)]))).toBeInstanceOf(
        RunnerError,
      );
    }),
    { numRuns: 300 },
  );
});

it('bytes of any kind are refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      expect(await outcomeOf(bytes)).toBeInstanceOf(RunnerError);
    }),
    { numRuns: 200 },
  );
});
