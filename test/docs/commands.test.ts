import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.js';
import { follow, titled } from './support/follow.js';
import { DOCUMENTS, shownCommands, textOf } from './support/shell-blocks.js';

/** The commands of the documents: every one is understood, and those of the tours do what is shown, on a fresh store. */
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
