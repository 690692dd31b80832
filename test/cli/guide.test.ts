import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/index.js';
import { EXIT, EXIT_CODES } from '../../src/cli/exit-codes.js';

/** docs/guides/command-line.md and the command line say the same. */
const guide = readFileSync(new URL('../../docs/guides/command-line.md', import.meta.url), 'utf8');

const sections = new Map(
  guide.split(/^### /m).flatMap((part, i) => (i === 0 ? [] : [[part.slice(0, part.indexOf('\n')), part] as const])),
);
const sectionOf = (name: string): string =>
  [...sections].find(([heading]) => heading === `\`${name}\`` || heading.startsWith(`\`${name} `))?.[1] ?? '';

describe('the guide to the command line', () => {
  it('has a section for every command, in the order of the help, and no others', () => {
    const named = [...sections.keys()].map(
      (heading) => COMMANDS.find(({ name }) => heading.startsWith(`\`${name}`))?.name,
    );
    expect(named).toEqual(COMMANDS.map(({ name }) => name));
  });

  it.each(COMMANDS.map(({ name, load }) => [name, load] as const))(
    'names every argument and every option of %s, and no others',
    async (name, load) => {
      const { arguments: args = [], options = [] } = await load();
      const section = sectionOf(name);
      for (const [syntax] of args) expect(section).toContain(syntax);
      const told = [...section.matchAll(/^\| `(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag = '']) => flag);
      expect(told).toEqual(options.map(({ long }) => long));
    },
  );

  it('tells every exit code and which failures end with it', () => {
    const told = new Map(
      [...guide.matchAll(/^\| (\d+) +\|[^|]*\|([^|]*)\|$/gm)].map(([, code = '', names = '']) => [
        Number(code),
        [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
      ]),
    );
    const meant = new Map(
      Object.values(EXIT).map((code) => [
        code as number,
        Object.entries(EXIT_CODES).flatMap(([name, ends]) => (ends === code ? [name] : [])),
      ]),
    );
    expect(told).toEqual(meant);
  });
});
