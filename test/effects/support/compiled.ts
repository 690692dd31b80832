import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { cleanAfterFile } from '../../support/cleanup.js';
import { scratchFolder } from '../../support/own-folder.js';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
/** Imports, and what is loaded later, in a worker or a process. */
const RELATIVE = /'(\.[^']+)\.js'/g;
const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };

const done = new Map<string, string>();
cleanAfterFile(() => done.clear()); // with the folder of the test file

/**
 * A program and every source it imports as JavaScript in a folder of its own: child processes then start quickly, and
 * on the sources as they are, not on an older build.
 *
 * @returns path of the program's JavaScript
 */
export function compiled(program: string): string {
  const known = done.get(program);
  if (known !== undefined) return known;
  const target = scratchFolder();
  writeFileSync(join(target, 'package.json'), '{"type":"module"}');
  symlinkSync(join(PROJECT, 'node_modules'), join(target, 'node_modules'));
  const outputOf = (source: string): string => join(target, relative(PROJECT, source).replace(/\.ts$/, '.js'));
  const wanted = [program];
  for (const source of wanted) {
    const { outputText } = ts.transpileModule(readFileSync(source, 'utf8'), { compilerOptions });
    mkdirSync(dirname(outputOf(source)), { recursive: true });
    writeFileSync(outputOf(source), outputText);
    for (const [, path = ''] of outputText.matchAll(RELATIVE)) {
      const imported = `${resolve(dirname(source), path)}.ts`;
      if (!wanted.includes(imported) && existsSync(imported)) wanted.push(imported);
    }
  }
  done.set(program, outputOf(program));
  return outputOf(program);
}
