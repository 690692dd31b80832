/**
 * A host to be killed: `host.ts <store> <python> call` says `executing` while a call with an image never ends;
 * `host.ts <store> <python> install <zip> <stage>` kills itself the moment the installation reports that stage;
 * `host.ts <store> <python> open` says the fault it was refused with, or `opened`.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createRunner, toFault } from '../../../src/index.js';
import type { Runner } from '../../../src/index.js';

const [store = '', python = '', what, zip = '', stage] = process.argv.slice(2);
const open = (): Promise<Runner> => createRunner({ store, interpreters: [python], scanIntervalMs: 0 });
const say = (word: string): void => void process.stdout.write(`${word}\n`);

if (what === 'open') {
  try {
    const runner = await open();
    await runner.close();
    say('opened');
  } catch (error) {
    say(JSON.stringify(toFault(error)));
  }
} else if (what === 'install') {
  const runner = await open();
  await runner.install(zip, { onProgress: (seen) => void (seen.stage === stage && process.kill(process.pid, 'SIGKILL')) });
} else {
  const runner = await open();
  const image = { width: 64, height: 48, channels: 3 as const, data: new Uint8Array(64 * 48 * 3) };
  void runner.openFlow({ pid: 'A01' }).execute(1, { image, params: { do: 'busy loop' } });
  while (runner.list().releases[0]?.state !== 'Executing') await nextTurn();
  say('executing');
}
