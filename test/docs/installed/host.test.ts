import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { PackedHost } from './support/packed.js';

/** Every declaration of ours and of what we depend on is checked. */
const COMPILING_MS = 300_000;

/** What others get when they install the package. */
const host = new PackedHost();
afterAll(() => host.remove());

describe('the documents of the package', () => {
  const documents = filesOf('.md');

  it('are there', () => {
    expect(documents).toEqual(
      expect.arrayContaining(['README.md', 'docs/errors.md', 'examples/screw-check/README.md']),
    );
  });

  it('lead nowhere that is not in the package, headings included', () => {
    const dead = documents.flatMap((document) =>
      linksIn(document).flatMap(({ link, path, anchor }) => {
        const there = existsSync(join(host.package, path));
        const found = there && (anchor === '' || !path.endsWith('.md') || anchorsOf(path).has(anchor));
        return found ? [] : [`${document}: ${link}`];
      }),
    );
    expect(dead).toEqual([]);
  });
});

describe('a strict TypeScript host that checks declarations too', () => {
  const program = `
    import { createRunner, RunnerError } from 'procvision-runner';
    import type { Detection, ReleaseView, Runner } from 'procvision-runner';
    import { drawMachine } from 'procvision-runner/diagrams';
    import { packageMachine } from 'procvision-runner/machines';
    import { validatePackage } from 'procvision-runner/package';
    import { readTrace } from 'procvision-runner/trace';
    export async function inspect(runner: Runner): Promise<Detection> {
      const releases: readonly ReleaseView[] = runner.list().releases;
      if (releases.length === 0) throw new RunnerError('release_not_found', 'none');
      return await runner.detect({ pid: 'A01', image: 'board.jpg' });
    }
    export const opened: Promise<Runner> = createRunner({ store: './store' });
    export const id: string = packageMachine.id;
    export const tools: readonly unknown[] = [drawMachine, validatePackage, readTrace];
  `;
  const asModule = host.write('host.mts', program);
  const asCommonJs = host.write('host.cts', program);
  const later = host.write(
    'later.cts',
    `
    import type { Runner } from 'procvision-runner' with { 'resolution-mode': 'import' };
    export const opened: Promise<Runner> = import('procvision-runner').then((it) => it.createRunner({ store: './s' }));
  `,
  );
  const { ModuleKind, ModuleResolutionKind } = ts;
  // The same declarations are checked with nodenext; here it is about finding them.
  const node16 = { module: ModuleKind.Node16, moduleResolution: ModuleResolutionKind.Node16, skipLibCheck: true };
  const bundler = { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler, skipLibCheck: true };

  it.each([
    ['an ES module or CommonJS, with nodenext', [asModule, asCommonJs], {}],
    ['a bundler’s module', [asModule], bundler],
    ['CommonJS that imports it when it is needed, with node16', [later], node16],
  ])('compiles as %s', { timeout: COMPILING_MS }, (_title, files, options) => {
    expect(complaints(files, options)).toEqual([]);
  });

  it('is told what to do as CommonJS with node16, which cannot require an ES module', () => {
    const told = complaints([asCommonJs], node16);
    expect(told[0]).toContain('Consider writing a dynamic \'import("procvision-runner")\' call instead.');
  });
});

describe('a host without types', () => {
  it.each([
    ['require', ['-e', "console.log(typeof require('procvision-runner').createRunner)"]],
    [
      'import',
      ['--input-type=module', '-e', "import * as it from 'procvision-runner'; console.log(typeof it.createRunner)"],
    ],
  ])('gets it with %s', (_title, words) => {
    const printed = execFileSync(process.execPath, words, { cwd: host.folder, encoding: 'utf8', stdio: 'pipe' });
    expect(printed).toBe('function\n');
  });

  it('finds the command, and the wheel that a package needs', () => {
    const main = join(host.package, 'dist', 'src', 'cli', 'main.js');
    const project = join(host.package, 'examples', 'screw-check');
    const words = [main, 'package', project, '--skip-download', '--json'];
    const printed = execFileSync(process.execPath, words, { cwd: host.folder, encoding: 'utf8', stdio: 'pipe' });
    expect(JSON.parse(printed)).toMatchObject({ zip: expect.stringMatching(/screw-check-v1\.0\.0-offline\.zip$/) });
  });
});

function filesOf(extension: string): readonly string[] {
  const files = readdirSync(host.package, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith(extension)).sort();
}

function linksIn(document: string): readonly { link: string; path: string; anchor: string }[] {
  const text = readFileSync(join(host.package, document), 'utf8').replace(/^```.*?^```$/gms, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^\w+:/.test(link)) return [];
    const [path = '', anchor = ''] = link.split('#');
    return [{ link, anchor, path: path === '' ? document : normalize(join(dirname(document), path)) }];
  });
}

/** As GitHub and npm name headings. */
function anchorsOf(document: string): ReadonlySet<string> {
  const text = readFileSync(join(host.package, document), 'utf8').replace(/^```.*?^```$/gms, '');
  const names = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
  return new Set(names);
}

function complaints(files: readonly string[], options: ts.CompilerOptions): readonly string[] {
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(host.folder, 'node_modules', '@types')],
    ...options,
  });
  return ts.getPreEmitDiagnostics(program).map(({ messageText, file }) => {
    return `${ts.flattenDiagnosticMessageText(messageText, '\n')} (${file?.fileName ?? ''})`;
  });
}
