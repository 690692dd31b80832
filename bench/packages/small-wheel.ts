import { VERSION, wheelFile } from './wheel-file.js';
import type { WheelFile } from './wheel-file.js';

const MODULES = 8;

/** A wheel as small pure-Python dependencies are: a package of some modules with a few functions each. */
export function smallWheel(number: number): Promise<WheelFile> {
  const name = `bench_wheel_${String(number).padStart(2, '0')}`;
  const files = new Map([[`${name}/__init__.py`, Buffer.from(`__version__ = "${VERSION}"\n`)]]);
  for (let i = 1; i <= MODULES; i++) files.set(`${name}/module_${i}.py`, Buffer.from(moduleText(i)));
  return wheelFile(name, files);
}

const moduleText = (number: number): string =>
  Array.from(
    { length: 20 },
    (_, i) => `def function_${number}_${i}(value: int) -> int:\n    return value + ${i}\n`,
  ).join('\n\n');
