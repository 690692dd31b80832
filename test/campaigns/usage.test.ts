import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** What the campaigns answer to `--help` and to words they do not know, as npm runs them. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> };
const NAMES = ['verify', 'mutate', 'simulate', 'coverage:transitions', 'fuzz', 'soak', 'crash', 'bench'];
/** All read their words with the same function: each is given one mistake. */
const MISTAKES = [['--no-such-option'], ['no-such-word'], ['--seed', 'often', '--rounds', 'often', '--trace']];

/** Without the build that npm does first: `npm test` did it. */
function run(name: string, words: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [, flags = '', main = ''] = /&& node ((?:--\S+ )*)(dist\/\S+)$/.exec(scripts[name] ?? '') ?? [];
  return new Promise((resolve) => {
    const args = [...flags.split(' ').filter((flag) => flag !== ''), main, ...words];
    execFile(process.execPath, args, { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe.each(NAMES.map((name, i) => ({ name, words: MISTAKES[i % MISTAKES.length] ?? [] })))(
  'npm run $name',
  (program) => {
    const { name, words } = program;
    it('prints its usage when it is asked to, and does nothing else', async () => {
      const { code, stdout, stderr } = await run(name, ['--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(`npm run ${name} -- [`);
      expect(stdout).toContain('--json');
      expect(stdout).toMatch(/64/);
    }, 20_000);

    it(`refuses ${words.join(' ')} with its usage and without a stack`, async () => {
      const { code, stdout, stderr } = await run(name, words);
      expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
      expect(stderr).toContain(`npm run ${name} -- [`);
      expect(stderr).not.toMatch(/^ +at /m);
    }, 20_000);
  },
);

it('npm run verify refuses a scenario that does not exist', async () => {
  const { code, stderr } = await run('verify', ['--only', 'nothing like it']);
  expect(code).toBe(64);
  expect(stderr).toContain('there is no scenario "nothing like it"; there are: ');
});
