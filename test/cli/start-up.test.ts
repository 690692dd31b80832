import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS, GROUPS } from '../../src/cli/commands/index.js';
import { MAIN } from './support/command-line.js';
import { runInside } from './support/run-inside.js';

const BUILD = fileURLToPath(new URL('../../dist/', import.meta.url));

/** What is loaded before the first line of a module runs: everything it imports, and what that imports. */
function loadedWith(main: string): { files: string[]; packages: string[] } {
  const files = new Set([main]);
  const packages = new Set<string>();
  for (const file of files)
    for (const [, wanted = ''] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export) (?:[^;='"]* from )?'([^']+)';/gm,
    ))
      if (wanted.startsWith('.')) files.add(join(dirname(file), wanted));
      else if (!wanted.startsWith('node:')) packages.add(wanted);
  return { files: [...files].map((file) => relative(BUILD, file)), packages: [...packages].sort() };
}

describe('the start of the command line', () => {
  it('loads the parser of words, the table of commands and the version alone', () => {
    const { files, packages } = loadedWith(join(dirname(MAIN), 'run.js'));
    expect(packages).toEqual(['commander']);
    expect(files.sort()).toEqual([
      'src/cli/commands/index.js',
      'src/cli/exit-codes.js',
      'src/cli/program.js',
      'src/cli/run.js',
      'src/cli/usage-error.js',
      'src/runner/version.js',
    ]);
  });

  it('sees the library where a command needs it', () => {
    expect(loadedWith(join(BUILD, 'src/cli/commands/trace-show.js')).files).toContain('src/trace/index.js');
  });
});

describe('help', () => {
  it('lists every command with its summary', async () => {
    const pages = await Promise.all(
      [[], ...Object.keys(GROUPS)].map((group) => runInside(['help', ...[group].flat()])),
    );
    const shown = pages.map(({ stdout }) => stdout.replace(/\s+/g, ' ')).join('');
    for (const { name, summary } of COMMANDS) expect(shown).toContain(`${name.split(' ').at(-1)} ${summary}`);
    expect(new Set(pages.map(({ code }) => code))).toEqual(new Set([0]));
  });

  it.each([
    ['help detect', ['help', 'detect'], '--image <file...>'],
    ['detect --help', ['detect', '--help'], '--image <file...>'],
    ['help trace why', ['help', 'trace', 'why'], 'Usage: procvision trace why [options] <actor> [trace]'],
    ['trace help why', ['trace', 'help', 'why'], 'Usage: procvision trace why [options] <actor> [trace]'],
    ['trace why --help', ['trace', 'why', '--help'], 'Usage: procvision trace why [options] <actor> [trace]'],
    ['help help', ['help', 'help'], 'Usage: procvision help [options] [command...]'],
  ])('of one command has its arguments and options: %s', async (_title, words, part) => {
    const { code, stdout, stderr } = await runInside(words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(part);
  });

  it.each([
    ['frobnicate', ['help', 'frobnicate']],
    ['trace frobnicate', ['help', 'trace', 'frobnicate']],
    ['trace frobnicate', ['trace', 'help', 'frobnicate']],
  ])('of %s, which is no command, exits 64', async (named, words) => {
    const { code, stderr } = await runInside(words);
    expect(code).toBe(64);
    expect(stderr).toContain(`There is no command "${named}".`);
  });

  it('is named by the hint of a command whose words are wrong', async () => {
    const { stderr } = await runInside(['trace', 'show', '--frobnicate']);
    expect(stderr).toContain('hint: See `procvision help trace show`.');
  });
});
