/**
 * A host to be killed, on the build: sources take seconds to load in every child.
 *
 * - `host.js <store> <python> call` says `executing` while a call with an image is under way that never ends
 * - `host.js <store> <python> install <zip> <stage> <percent>` kills itself once the installation reports that
 * - `host.js <store> <python> open` says `opened`, or the fault it was refused with
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createRunner, toFault } from '../../../dist/src/index.js';

const [store, python, what, zip, stage, percent] = process.argv.slice(2);
const open = () => createRunner({ store, interpreters: [python], scanIntervalMs: 0 });
const say = (word) => process.stdout.write(`${word}\n`);

async function call() {
  const runner = await open();
  const image = { width: 64, height: 48, channels: 3, data: new Uint8Array(64 * 48 * 3) };
  void runner.openFlow({ pid: 'A01' }).execute(1, { image, params: { do: 'busy loop' } });
  while (runner.list().releases[0]?.state !== 'Executing') await nextTurn();
  say('executing');
}

async function install() {
  const runner = await open();
  const onProgress = (seen) => {
    if (seen.stage === stage && seen.percent >= Number(percent)) process.kill(process.pid, 'SIGKILL');
  };
  await runner.install(zip, { onProgress });
  await runner.close(); // it never reported that: the test sees an exit instead of a kill
}

async function tryToOpen() {
  try {
    await (await open()).close();
    say('opened');
  } catch (error) {
    say(JSON.stringify(toFault(error)));
  }
}

await { call, install, open: tryToOpen }[what]();
