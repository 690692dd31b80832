/**
 * A host to be killed or asked to end, on the build: sources take seconds to load in every child.
 *
 * - `host.js <store> <python> call` says `executing` while a call with an image is under way that never ends
 * - `host.js <store> <python> install <zip> <stage> <percent>` kills itself once the installation reports that
 * - `host.js <store> <python> open` says `opened`, or the fault it was refused with
 * - `host.js <store> <python> switch <release> <stage> <pid>…` kills itself once the switch is at that stage
 * - `host.js <store> <python> drain <options> <orders>…` calls A01 with all orders at once, says `ready` when the first
 *   one runs, and closes on signals; then `refused` with the code of a call made after the first signal, each order with
 *   its outcome, and `closed`
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { closeOnSignals, createRunner, toFault } from '../../../../dist/src/index.js';

const [store, python, what, ...rest] = process.argv.slice(2);
const open = (options = {}) => createRunner({ store, interpreters: [python], scanIntervalMs: 0, ...options });
const say = (word) => process.stdout.write(`${word}\n`);
const die = () => process.kill(process.pid, 'SIGKILL');
const isExecuting = (runner) => runner.list().releases.some(({ state }) => state === 'Executing');

async function call() {
  const runner = await open();
  const image = { width: 64, height: 48, channels: 3, data: new Uint8Array(64 * 48 * 3) };
  void runner.openFlow({ pid: 'A01' }).execute(1, { image, params: { do: 'busy loop' } });
  while (!isExecuting(runner)) await nextTurn();
  say('executing');
}

async function install() {
  const [zip, stage, percent] = rest;
  const runner = await open();
  const onProgress = (seen) => {
    if (seen.stage === stage && seen.percent >= Number(percent)) die();
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

async function changeOver() {
  const [release, stage, ...pids] = rest;
  const runner = await open();
  await runner.openFlow({ pid: pids[0] }).execute(1);
  const onProgress = (step) => {
    if (step.stage === stage) die();
  };
  await runner.switch(pids, release, { until: 'confirmed', probation: { durationMs: 60_000 }, onProgress });
  await runner.close(); // as above
}

async function drain() {
  const [options, ...orders] = rest;
  const runner = await open(JSON.parse(options));
  closeOnSignals(runner, (error) => say(error === null ? 'closed' : `not closed: ${error}`));
  process.once('SIGTERM', () => {
    runner.detect({ pid: 'A01', image: 'none.png' }).catch((error) => say(`refused ${error.code}`));
  });
  const ended = (order) => (result) => say(`${order}: ${result.outcome}`);
  for (const order of orders) {
    const flow = runner.openFlow({ pid: 'A01' });
    void flow.execute(1, { params: { do: order } }).then(ended(order));
  }
  while (!isExecuting(runner)) await nextTurn();
  say('ready');
}

await { call, install, open: tryToOpen, switch: changeOver, drain }[what]();
