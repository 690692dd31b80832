/**
 * docs/threat-model.md links claims to tests: what it names has to be there.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const PAGE = 'docs/threat-model.md';
const page = readFileSync(PAGE, 'utf8').replaceAll(/\s+/g, ' ');
const claims = [...page.matchAll(/`(test\/[\w./-]+\.test\.ts)`(?:: "([^"]+)")?/g)].map(
  ([, file = '', title]) => [file, title] as const,
);

test('the threat model names tests', () => {
  expect(claims.length).toBeGreaterThan(15);
});

test.each(claims)('%s, named in the threat model, has the test "%s"', (file, title) => {
  expect(existsSync(file), file).toBe(true);
  if (title !== undefined) expect(readFileSync(file, 'utf8').replaceAll(/\\'/g, "'")).toContain(title);
});

test('every page the threat model links to is there', () => {
  const links = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = '']) => join(dirname(PAGE), link));
  expect(links.filter((link) => !existsSync(link))).toEqual([]);
});
