import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './support/shell-blocks.js';
import { anchorsOf, CODE, commentsOf, found, isNameOfFile, isPath, PAGES, proseOf } from './support/texts.js';

const LINK = /\]\(([^)\s]+)\)/g;
const links = PAGES.flatMap((page) =>
  found(page, proseOf(page), LINK).map(([target, at]) => ({ page, target, at })),
).filter(({ target }) => !/^\w+:/.test(target));

describe('a link of a page', () => {
  it('leads to a file or a folder', () => {
    expect(links.length).toBeGreaterThan(100);
    const dead = links.filter(({ page, target }) => !existsSync(join(ROOT, placeOf(page, target))));
    expect(dead.map(({ at }) => at)).toEqual([]);
  });

  it('leads to a heading, where it names one', () => {
    const dead = links.filter(({ page, target }) => {
      const [, anchor] = target.split('#');
      return anchor !== undefined && !anchorsOf(placeOf(page, target)).has(anchor);
    });
    expect(dead.map(({ at }) => at)).toEqual([]);
  });
});

/** From the root of the project. */
function placeOf(page: string, target: string): string {
  const [path = ''] = target.split('#');
  return path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
}

const texts = [
  ...PAGES.map((page) => [page, proseOf(page).replaceAll(LINK, ']')] as const),
  ...CODE.map((path) => [path, commentsOf(path)] as const),
];

describe('what pages and comments name', () => {
  it('is a file or a folder, where it is a path', () => {
    const PATH = /(?<![\w./@<-])((?:machines|src|test|docs|scripts|bench|examples|sdk)\/[\w./-]*\w)(?![\w*{<[/-])/g;
    const paths = texts.flatMap(([path, text]) => found(path, text, PATH));
    expect(paths.length).toBeGreaterThan(50);
    expect(paths.filter(([path]) => !isPath(path)).map(([, at]) => at)).toEqual([]);
  });

  it('is a file somewhere, where it is the name of one', () => {
    const NAME = /(?<![\w./*<>-])([\w-]+(?:\.[\w-]+)*\.(?:ts|md))\b(?!\.)/g;
    const names = texts.flatMap(([path, text]) => found(path, text, NAME));
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter(([name]) => !isNameOfFile(name)).map(([, at]) => at)).toEqual([]);
  });
});
