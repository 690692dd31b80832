import { describe } from 'vitest';
import { follow } from './support/follow.js';
import { shownCommands } from './support/shell-blocks.js';

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
