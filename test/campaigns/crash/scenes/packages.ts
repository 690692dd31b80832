import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipBytes } from '../../../package/support/zip-bytes.js';
import { projectRoot } from '../lives/programs.js';

/** Every PID the packages support. */
export const PIDS = ['A01', 'A02', 'A03', 'B01'] as const;

/** A release of the campaign: a tiny program without the SDK, so that it starts in a blink. */
export interface CrashPackage {
  readonly release: string;
  readonly zip: string;
  readonly sha256: string;
}

/**
 * Modules of the wheel that an installation has to unpack: `light` comes without dependencies, `normal` brings one as
 * small as they come, `heavy` keeps the installer busy for longer than an orphan may live.
 */
export type Weight = 'light' | 'normal' | 'heavy';
const MODULES: Readonly<Record<Weight, number>> = { light: 1, normal: 1, heavy: 5_000 };

export function makePackage(folder: string, name: string, version: string, weight: Weight): CrashPackage {
  const wheel = wheelOf(MODULES[weight]);
  const fixture = (file: string): Buffer => readFileSync(join(projectRoot(), 'test/fixtures/programs', file));
  const manifest = {
    name,
    version,
    entry_point: 'eye.py',
    supported_pids: PIDS,
    steps: [{ index: 1, name: 'look', params: [] }],
  };
  const bytes = zipBytes([
    { name: 'manifest.json', data: JSON.stringify(manifest) },
    { name: 'requirements.txt', data: weight === 'light' ? '' : 'crash_parts==1.0.0\n' },
    { name: 'eye.py', data: fixture('behaves.py') },
    { name: 'wire.py', data: fixture('wire.py') },
    { name: 'wheels/crash_parts-1.0.0-py3-none-any.whl', data: wheel },
  ]);
  mkdirSync(folder, { recursive: true });
  const zip = join(folder, `${name}-v${version}-offline.zip`);
  writeFileSync(zip, bytes);
  return { release: `${name}@${version}`, zip, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function wheelOf(modules: number): Buffer {
  const info = 'crash_parts-1.0.0.dist-info';
  const files = new Map([['crash_parts/__init__.py', '']]);
  for (let i = 1; i < modules; i++) files.set(`crash_parts/part_${i}.py`, `PART = ${i}\n`);
  files.set(`${info}/METADATA`, 'Metadata-Version: 2.1\nName: crash_parts\nVersion: 1.0.0\n');
  files.set(`${info}/WHEEL`, 'Wheel-Version: 1.0\nGenerator: crash\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
  const record = [...files].map(([path, text]) => `${path},sha256=${digest(text)},${Buffer.byteLength(text)}`);
  files.set(`${info}/RECORD`, [...record, `${info}/RECORD,,`, ''].join('\n'));
  return zipBytes([...files].map(([name, data]) => ({ name, data, deflate: modules > 1 })));
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');
