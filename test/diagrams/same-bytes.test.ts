import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { MACHINES } from '../../machines/index.js';
import { DIAGRAM_FORMATS, drawActors, drawMachine } from '../../src/diagrams/index.js';
import { foreignMachine, machineOf, transitionCount, transitionsIn } from './support/charts.js';

const kept = (name: string): string =>
  readFileSync(new URL(`../../docs/machines/pictures/${name}.svg`, import.meta.url), 'utf8');

describe('the same machine gives the same bytes', () => {
  test.each(DIAGRAM_FORMATS)('as %s, each time it is drawn', async (format) => {
    for (const id of ['changeover', 'heartbeat'])
      expect(await drawMachine(machineOf(id), { format })).toBe(await drawMachine(machineOf(id), { format }));
  });

  test.each([...MACHINES].reverse().map((machine) => [machine.id, machine] as const))(
    'as the SVG of the documentation, whatever was drawn before: %s, with every transition once',
    async (id, machine) => {
      const svg = await drawMachine(machine, { format: 'svg' });
      expect(svg).toBe(kept(id));
      expect(transitionsIn(svg)).toEqual(Array.from({ length: transitionCount(machine) }, (_none, i) => i));
    },
  );

  test('as the SVG of the documentation: the actors', async () => {
    expect(await drawActors(machineOf('runner'), { format: 'svg' })).toBe(kept('actors'));
  });

  test('as SVG in another process, with another locale and time zone', () => {
    const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
    const env = { PATH: process.env['PATH'] ?? '', LANG: 'tr_TR.UTF-8', TZ: 'Asia/Kathmandu' };
    const svg = execFileSync(process.execPath, [main, 'diagram', 'process', '--format', 'svg'], {
      encoding: 'utf8',
      env,
    });
    expect(svg).toBe(kept('process'));
  });
});

describe('an SVG', () => {
  test('of any other machine has every transition once', async () => {
    const svg = await drawMachine(foreignMachine, { format: 'svg' });
    expect(transitionsIn(svg)).toEqual(Array.from({ length: transitionCount(foreignMachine) }, (_none, i) => i));
    expect(svg).toContain('A door &amp; its &quot;lamp&quot;.');
    expect(svg).toContain('with &lt;care&gt;');
  });

  test('needs nothing beside it and runs nothing', async () => {
    const svg = await drawMachine(machineOf('changeover'), { format: 'svg' });
    expect(svg).not.toMatch(/<script|<foreignObject|<image|href=|@import|url\((?!#)/);
    expect(svg.match(/https?:\/\/[^"]+/g)).toEqual(['http://www.w3.org/2000/svg']);
  });

  test('adapts to a dark page', async () => {
    expect(await drawMachine(machineOf('heartbeat'), { format: 'svg' })).toContain('@media(prefers-color-scheme:dark)');
  });

  test('with counts shows them, and pale what was never visited', async () => {
    const visits = { transitions: [7, 6, 0, 0, 0], states: { Resting: 8, Awaiting: 7 } };
    const counted = { ...visits, records: 14, actors: ['a/heartbeat'], diverged: 0, unclear: 0 };
    const svg = await drawMachine(machineOf('heartbeat'), { format: 'svg', visits: counted });
    expect(svg).toMatch(/>Resting<\/text><text class="count"[^>]*>×8</);
    expect(svg).toMatch(/<text class="title pale"[^>]*>Missing</);
    expect(
      svg
        .match(/<path class="edge (\w+)/g)
        ?.map((path) => path.slice(18))
        .sort(),
    ).toEqual(['pale', 'pale', 'plain', 'taken', 'taken']);
    expect(svg).toContain('14 deliveries to one actor. Pale: never.');
  });
});
