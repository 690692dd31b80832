import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.js';
import { DOCUMENTS, shownCommands, textOf } from './support/shell-blocks.js';
import type { ShownCommand } from './support/shell-blocks.js';
import { expectShown, Workplace } from './support/workplace.js';

/** The commands of the documents: every one is understood, and those of the tours do what is shown, on a fresh store. */
const titled = (commands: readonly ShownCommand[]) =>
  commands.map((each) => [`${each.document}:${each.line} ${each.command.replace(/ +#.*/, '')}`, each] as const);

const all = DOCUMENTS.flatMap((document) => shownCommands(document));

describe('a command of the documents', () => {
  it('is found by this test', () => {
    expect(all.length).toBeGreaterThan(50);
  });

  it.each(titled(all.filter(({ command }) => /^(npx )?procvision /.test(command))))(
    'is understood: %s',
    async (_, shown) => {
      const words = shown.command
        .replace(/^(npx )?procvision /, '')
        .replace(/ +#.*/, '')
        .split(/ +/);
      let understood = '';
      const terminal = { env: {}, stdout: sink, stderr: sink };
      await buildProgram(terminal, (invocation) => {
        understood = invocation.store;
        return Promise.resolve();
      }).parseAsync(words, { from: 'user' });
      expect(understood).not.toBe('');
    },
  );
});

const sink = { write: () => true, on: () => undefined };

describe('the tour of README.md, and what the guides to traces, pictures and switches do after it', () => {
  const again = 'cp packages/screw-check-v1.1.0-offline.zip . && procvision activate screw-check@1.0.0 --pid A01 A02';
  follow([
    ...shownCommands('README.md', 'On the command line'),
    ...shownCommands('docs/guides/read-a-trace.md'),
    ...shownCommands('docs/guides/read-the-lifecycle.md'),
    { document: 'README.md', line: 0, command: again, shown: null },
    // What it shows of the demo is looked at where that runs: test/examples/demo.test.ts.
    ...shownCommands('docs/guides/switch-and-roll-back.md').filter(({ command }) => !command.includes('demo-output')),
  ]);
});

describe('the guide to settings', () => {
  const [, json = ''] = /^```json\n(.*?)^```$/ms.exec(textOf('docs/guides/settings.md')) ?? [];
  follow(shownCommands('docs/guides/settings.md'), (place) => place.write('runtime_store/settings.json', json));
});

describe('the tour of the guide to the command line', () => {
  follow(shownCommands('docs/guides/command-line.md', 'A tour'));
});

describe('the guide to writing an algorithm', () => {
  const guide = textOf('docs/guides/write-an-algorithm.md');
  const files = [...guide.matchAll(/^`(my-project\/[\w./]+)`:\n\n```\w*\n(.*?)^```$/gms)];
  follow(shownCommands('docs/guides/write-an-algorithm.md'), (place) => {
    for (const [, file = '', text = ''] of files) place.write(file, text);
  });
});

describe('the guide to replays', () => {
  // The histories are recorded anew when machines change: what is shown is one recording, the command is every one's.
  follow(
    ['Replay a run', 'Step by step']
      .flatMap((heading) => shownCommands('docs/guides/replay-and-keep-a-sequence.md', heading))
      .map((each) => ({ ...each, shown: null })),
  );
});

/** Each command is the next step in the same folder. */
function follow(commands: readonly ShownCommand[], prepare: (place: Workplace) => void = () => undefined): void {
  const place = new Workplace();
  beforeAll(() => prepare(place));
  afterAll(() => place.remove());

  it('has commands', () => {
    expect(commands.length).toBeGreaterThan(0);
  });

  it.each(titled(commands))('does what is shown: %s', async (_, { command, shown }) => {
    const { code, printed } = await place.run(command);
    expect({ code, printed: code === 0 ? '' : printed }).toEqual({ code: 0, printed: '' });
    if (shown?.some((line) => line !== '') === true) expectShown(printed, shown);
  });
}
