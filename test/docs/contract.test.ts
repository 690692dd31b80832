import { describe, expect, it } from 'vitest';
import { anchorsOf, CODE, FILES, found, PAGES, textOf } from './support/texts.js';

/** What comments, tests and pages cite by number has a heading of its own, so that a citation is found. */
const texts = [...PAGES, ...CODE].map((path) => [path, textOf(path)] as const);
const cited = (pattern: RegExp) => texts.flatMap(([path, text]) => found(path, text, pattern));

describe('the contract', () => {
  const headings = [...textOf('docs/contract.md').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  const sections = new Set(headings.flatMap((heading) => /^\d+(\.\d+)?/.exec(heading)?.[0] ?? []));

  it('has every section that is cited', () => {
    const sectionsCited = cited(/§ ?(\d+(?:\.\d+)?)/g);
    expect(sectionsCited.length).toBeGreaterThan(150);
    expect(sectionsCited.filter(([section]) => !sections.has(section)).map(([, at]) => at)).toEqual([]);
  });

  it('has every part of a section that is cited by name', () => {
    const parts = cited(/§\d+(?:\.\d+)? ([A-Z][a-z]+)/g);
    expect(parts.filter(([part]) => !headings.includes(part)).map(([, at]) => at)).toEqual([]);
  });
});

describe('the invariants', () => {
  it('have a heading for every number that is cited', () => {
    const anchors = anchorsOf('docs/invariants.md');
    const numbers = cited(/\b[Ii]nvariants? (\d+)/g);
    expect(numbers.length).toBeGreaterThan(30);
    expect(numbers.filter(([number]) => !anchors.has(`invariant-${number}`)).map(([, at]) => at)).toEqual([]);
  });

  it('are looked for in files that there are', () => {
    expect(FILES.length).toBeGreaterThan(1000);
  });
});
