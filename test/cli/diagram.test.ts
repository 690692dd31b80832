import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { drawMachine, MACHINES } from '../../src/api/diagrams.js';
import { Desk } from './support/command-line.js';
import { runInside } from './support/run-inside.js';

const commandLine = new Desk();
afterAll(() => commandLine.remove());

const DEMO = fileURLToPath(new URL('../replay/recorded/histories/demo.trace.jsonl', import.meta.url));
const diagram = (...words: string[]) => runInside(['diagram', ...words, '--store', commandLine.folder]);
const drawn = (id: string, format: 'mermaid' | 'svg' | 'json' | 'dot') => {
  const machine = MACHINES.find((one) => one.id === id);
  return machine === undefined ? Promise.reject(new Error(id)) : drawMachine(machine, { format });
};

describe('diagram', () => {
  it.each(['mermaid', 'json', 'dot'] as const)('prints a machine as %s, as the library draws it', async (format) => {
    const { code, stdout, stderr } = await diagram('heartbeat', '--format', format);
    expect([code, stdout, stderr]).toEqual([0, await drawn('heartbeat', format), '']);
  });

  it('prints Mermaid unless told otherwise', async () => {
    expect((await diagram('changeover')).stdout).toMatch(/^stateDiagram-v2\n/);
  });

  it('needs no store', async () => {
    expect((await runInside(['diagram', 'heartbeat', '--store', commandLine.path('nothing', 'here')])).code).toBe(0);
  });

  it('writes one machine to a file, into a folder under its name, and says where', async () => {
    const file = commandLine.path('beat.svg');
    expect(await diagram('heartbeat', '--format', 'svg', '--output', file)).toMatchObject({
      code: 0,
      stdout: `${file}\n`,
    });
    expect(readFileSync(file, 'utf8')).toBe(await drawn('heartbeat', 'svg'));
    await diagram('heartbeat', '--format', 'dot', '-o', `${commandLine.path('graphs')}/`);
    expect(readdirSync(commandLine.path('graphs'))).toEqual(['heartbeat.dot']);
  });

  it('writes all of them with the overview of the actors into one folder', async () => {
    const { code } = await diagram('all', '--format', 'mermaid', '--output', commandLine.path('all'));
    expect(code).toBe(0);
    const names = ['actors', ...MACHINES.map(({ id }) => id)].map((name) => `${name}.mmd`);
    expect(readdirSync(commandLine.path('all')).sort()).toEqual(names.sort());
    expect(readFileSync(commandLine.path('all', 'actors.mmd'), 'utf8')).toMatch(/package -->\|spawns\| process/);
  });

  it('draws a part, or the first level alone', async () => {
    const part = await diagram('package', '--format', 'json', '--state', 'Invalid');
    const paths = part.json<{ states: { path: string }[] }>().states.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['Invalid', 'Invalid.Waiting', 'Discovered', 'Gone']));
    expect(paths).not.toContain('Running');
    expect((await diagram('package', '--folded')).stdout).not.toContain('Probing');
  });

  it('counts what a trace visited, and says how much of the machine that is', async () => {
    const { code, stdout, stderr } = await diagram('package', '--trace', DEMO, '--folded');
    expect(code).toBe(0);
    expect(stdout).toMatch(/state "Executing ×\d+" as Executing/);
    expect(stderr).toMatch(/^package: \d+ of \d+ transitions taken, in \d+ records of \d+ actors\n$/);
  });

  it('counts one actor alone on request', async () => {
    const words = ['package', '--trace', DEMO, '--json', '--actor'];
    const [all] = (await diagram('package', '--trace', DEMO, '--json')).json<
      { trace: { actors: string[]; records: number } }[]
    >();
    const [actor = ''] = all?.trace.actors ?? [];
    const [one] = (await diagram(...words, actor)).json<{ trace: { actors: string[]; records: number } }[]>();
    expect(one?.trace.actors).toEqual([actor]);
    expect(one?.trace.records).toBeLessThan(all?.trace.records ?? 0);
  });

  it('gives a program the drawing, or the file, and the counts as one value', async () => {
    const [value] = (await diagram('heartbeat', '--json')).json<Record<string, unknown>[]>();
    expect(value).toEqual({
      machine: 'heartbeat',
      format: 'mermaid',
      file: null,
      text: await drawn('heartbeat', 'mermaid'),
      trace: null,
    });
    const file = commandLine.path('b.dot');
    const written = await diagram('heartbeat', '--format', 'dot', '-o', file, '--json', '--trace', DEMO);
    expect(written.json<unknown[]>()).toEqual([
      expect.objectContaining({
        file,
        text: null,
        trace: expect.objectContaining({ diverged: 0, unclear: 0, transitions: 5 }) as unknown,
      }),
    ]);
  });

  it.each([
    [['nobody'], 'There is no machine "nobody".'],
    [['all'], '"all" draws several diagrams.'],
    [['package', '--format', 'png'], 'Allowed choices are mermaid, svg, json, dot.'],
    [['package', '--state', 'Nowhere'], 'has no state Nowhere'],
    [['all', '--state', 'Stopped'], '--state is a part of one machine.'],
    [['package', '--state', 'Stopped', '--folded'], 'exclude each other'],
    [['package', '--actor', 'package/x@1'], '--actor names an actor of a trace.'],
    [['package', '--trace', DEMO, '--actor', 'package/x@1'], '"package/x@1" is no actor of this trace'],
    [['heartbeat', '--output', '/dev/null/x'], 'cannot be written'],
    [['heartbeat', '--output', '/proc/no/such/place'], 'cannot be written'],
  ])('refuses %j as a mistake in its use', async (words, message) => {
    const { code, stdout, stderr } = await diagram(...words);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toContain(message);
    expect(stderr).toContain('hint:');
  });
});
