import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** By file: what is replaced by what. A sub-state of `package`, and an event of `route`. */
const EDITS: Readonly<Record<string, readonly (readonly [before: string, after: string])[]>> = {
  'package.deploying.ts': [
    [
      `onDone: { target: '#package.Validated', actions: 'noteValidation' }`,
      `onDone: { target: 'Weighing', actions: 'noteValidation' }`,
    ],
    [
      `        onError: { target: '#package.Invalid', actions: 'noteEffectFault' },
      },
    },
`,
      `        onError: { target: '#package.Invalid', actions: 'noteEffectFault' },
      },
    },
    Weighing: {
      description: 'Its needs are being written down.',
      invoke: {
        id: 'recordRest',
        src: 'recordRest',
        input: ({ context }) => restRecord(context, 'Discovered'),
        onDone: '#package.Validated',
        onError: '#package.Invalid',
      },
    },
`,
    ],
  ],
  'route.events.ts': [[`  | { type: 'flow.opened';`, `  | { type: 'route.paused' }\n  | { type: 'flow.opened';`]],
  'route.machine.ts': [[`    'release.lost': {},\n`, `    'release.lost': {},\n    'route.paused': {},\n`]],
  'senders.ts': [
    [`    'route.confirm': 'library',`, `    'route.confirm': 'library',\n    'route.paused': 'library',`],
  ],
  'words/route.ts': [
    [
      `    'flow.closed': 'an inspection ended',`,
      `    'flow.closed': 'an inspection ended',\n    'route.paused': 'a person pauses it',`,
    ],
  ],
};

/** What other rooms make of the machines. */
const ENTRIES = ['machines', 'src/testing', 'src/diagrams', 'src/causes', 'src/replay'];

const LOOK = `
  import { explore, scenariosWith } from './src/testing/index.js';
  import { drawMachine } from './src/diagrams/index.js';
  import { MACHINES, sendersOf } from './machines/index.js';
  const scenario = scenariosWith(1).find(({ name }) => name === 'deploying');
  const { closed, violations, entered } = explore(scenario);
  const drawn = await Promise.all(MACHINES.map((machine) => drawMachine(machine, { format: 'mermaid' })));
  console.log(JSON.stringify({ closed, violations, entered, drawn: drawn.join(), senders: sendersOf('route', 'route.paused') }));
`;

const copy = mkdtempSync(join(tmpdir(), 'procvision-new-state-'));
afterAll(() => rmSync(copy, { recursive: true }));

beforeAll(() => {
  for (const folder of ['machines', 'src']) cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  writeFileSync(join(copy, 'package.json'), '{ "type": "module" }');
  for (const [file, edits] of Object.entries(EDITS)) {
    const path = join(copy, 'machines', file);
    const edited = edits.reduce(
      (text, [before, after]) => {
        if (!text.includes(before)) throw new Error(`${file} does not hold ${before}`);
        return text.replace(before, after);
      },
      readFileSync(path, 'utf8'),
    );
    writeFileSync(path, edited);
  }
});

test('a new sub-state and a new event cost edits by hand in five files; types, pictures, exploration and senders follow', async () => {
  expect(Object.keys(EDITS)).toHaveLength(5);
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), (path) => readFileSync(path, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, copy);
  const program = ts.createProgram(
    ENTRIES.map((entry) => join(copy, entry, 'index.ts')),
    { ...options, types: ['node'], declaration: false, outDir: join(copy, 'built'), rootDir: copy },
  );
  const problems = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  expect(problems).toEqual([]);
  program.emit();
  const built = join(copy, 'built');
  writeFileSync(join(built, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(built, 'look.js'), LOOK);
  const { stdout } = await promisify(execFile)(process.execPath, [join(built, 'look.js')], { maxBuffer: 1 << 26 });
  const seen = JSON.parse(stdout) as { entered: string[]; drawn: string };
  expect(seen).toMatchObject({ closed: true, violations: [], senders: ['library'] });
  expect(seen.entered).toContain('package Discovered.Weighing');
  expect(seen.drawn).toContain('Weighing');
  expect(seen.drawn).toContain('route.paused');
});
