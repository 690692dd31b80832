import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunnerError, storeLayout } from '../../src/index.js';
import type { Runner } from '../../src/index.js';
import { EXAMPLES } from '../cli/support/command-line.js';
import { runHost } from '../runner/host/support/child-host.js';
import { algorithmOf } from '../runner/support/census.js';
import { openRunner } from '../runner/support/runners.js';
import { eventually } from '../support/eventually.js';
import { PYTHON } from '../support/python.js';
import { missingForms } from './support/forms.js';
import { shownCommands } from './support/shell-blocks.js';
import type { ShownCommand } from './support/shell-blocks.js';
import { Workplace } from './support/workplace.js';

/**
 * The guides that tell of a bad day: it is had again, their commands are run in order, and what they print looks as it is
 * shown, line by line, but for numbers and times.
 */
const WHY = 'docs/guides/find-out-why-it-stopped.md';
const CRASH = 'docs/guides/after-a-crash.md';
const [ONE, NEXT, PIDS] = ['screw-check@1.0.0', 'screw-check@1.1.0', ['A01', 'A02']];
const IMAGE = join(EXAMPLES, 'images', 'screw-check', 'power-board-03.jpg');

const place = new Workplace();
const layout = storeLayout(join(place.folder, 'runtime_store'));
beforeAll(() => done('procvision package examples/screw-check --output packages'));
afterAll(() => place.remove());

async function done(command: string): Promise<void> {
  const { code, printed } = await place.run(command);
  expect(code, `${command}\n${printed}`).toBe(0);
}

/** What differs from one day to the next. */
const SAME: readonly (readonly [string | RegExp, string])[] = [
  ...[layout.root, '/srv/line3/runtime_store', 'runtime_store'].map((it) => [it, '<store>'] as const),
  [/\bline 3\b/g, 'library'],
  // Whether it was in a call when it was killed, and in which phase.
  [/(Running → )?(?=Running\.Restarting .* lost)/g, ''],
  [/(?<=its process 1 was lost)$|: The process was ended by SIGKILL( during (pre|execute) .*)?\.$/g, '<how>'],
  [/[A-Z]\w+(\.\w+)? [\d.]+ m?s\b.*/g, '<times>'],
  [/\b(operation|problem|segment|file)s?\b/g, '$1'],
  // At one and the same moment it was decided already, or not yet.
  [/it was decided, but not finished|nothing was decided/g, '<decided or not>'],
  [/(?<=The next start ).*/g, '<finishes or undoes it>'],
  [/(?<=by library: )\w+/g, '<finished or undone>'],
  [/(?<=library +switch +)\w+/g, '<done or interrupted>'],
  [/ +the Runner died meanwhile$/g, ''],
];

/** @param instead the command with the numbers of this day */
async function expectForm(each: ShownCommand | undefined, instead = each?.command ?? ''): Promise<void> {
  const { code, printed } = await place.run(instead);
  expect({ code, missing: missingForms(printed, each?.shown ?? [], SAME) }, printed).toEqual({ code: 0, missing: [] });
}

describe('an algorithm that is killed in its calls until nobody starts it again', () => {
  const told = ['What stands still', 'Why', 'What was asked of it then'].flatMap((it) => shownCommands(WHY, it));
  const [next] = shownCommands(WHY, 'What can be done now');
  let lastCall = 0;

  beforeAll(async () => {
    const runner = await openRunner({ store: layout.root });
    await runner.install(join(place.folder, 'packages', 'screw-check-v1.0.0-offline.zip'));
    await runner.activate(ONE, PIDS);
    const calls = callsUntilStopped(runner);
    for (let loss = 1; loss <= 5; loss += 1) await killInCall(runner);
    lastCall = await calls;
    await runner.close();
  });

  it('is what the guide tells of', () => {
    expect(told.length).toBeGreaterThan(4);
  });

  it.each(told.map((each) => [each.command, each] as const))('is shown by %s as the guide shows it', (command, each) =>
    expectForm(each, command.replace(/--call \d+/, `--call ${lastCall}`)),
  );

  it('can be started again, as the guide shows', () => expectForm(next));
});

const stateOf = (runner: Runner) => runner.list().releases.find(({ release }) => release === ONE)?.state;

/** @returns the number of the last call that was taken */
async function callsUntilStopped(runner: Runner): Promise<number> {
  for (let last = 0; ;) {
    if (stateOf(runner) === 'Stopped') return last;
    const flow = runner.openFlow({ pid: 'A01' });
    const step = await flow
      .step(1, { image: IMAGE })
      .catch((error: unknown) => {
        if (error instanceof RunnerError && error.faultName === 'restarts_used_up') return null;
        throw error;
      })
      .finally(() => flow.close());
    if (step !== null) last = (step.execute ?? step.pre).callId;
  }
}

/** Stopped first: what it had answered by then is heard before it is known to be in a call. */
async function killInCall(runner: Runner): Promise<void> {
  for (;;) {
    await eventually(() => expect(stateOf(runner)).toBe('Executing'));
    const osPid = algorithmOf(layout, ONE);
    process.kill(osPid, 'SIGSTOP');
    await delay(100); // nothing more can be heard of it: what matters is that it was heard
    if (stateOf(runner) === 'Executing') {
      process.kill(osPid, 'SIGKILL');
      return eventually(() => expect(stateOf(runner)).not.toBe('Executing'));
    }
    process.kill(osPid, 'SIGCONT');
  }
}

describe('a host that is killed amid a switch', () => {
  const [before, after, history, damaged, audit, ...prunes] = shownCommands(CRASH);
  const [runs] = shownCommands(WHY, 'The Runner itself is gone');
  const detects = `procvision detect --pid A01 --image '${IMAGE}'`;

  beforeAll(async () => {
    await done(
      `cp -r examples/screw-check next && sed -i 's/"version": "1.0.0"/"version": "1.1.0"/' next/manifest.json`,
    );
    await done('procvision package next --output packages');
    await done('procvision install packages/screw-check-v1.1.0-offline.zip --no-start');
    await done(`procvision start ${ONE}`);
    const ended = await runHost([layout.root, PYTHON, 'switch', NEXT, 'Committing', ...PIDS]);
    expect(ended).toMatchObject({ signal: 'SIGKILL', complaints: '' });
    const images = `/dev/shm/procvision-${readFileSync(layout.images, 'utf8').trim()}`;
    mkdirSync(images, { recursive: true });
    writeFileSync(join(images, 'raw-00.npy'), Buffer.alloc(6_900_000));
  });

  it('leaves what the guide shows, which the next start puts in order', async () => {
    await expectForm(before);
    await expectForm(runs);
    await done(detects);
    await expectForm(after);
    await expectForm(history);
  });

  it('degrades the PID alone whose file was edited by hand', async () => {
    const file = layout.route('A02');
    writeFileSync(file, readFileSync(file, 'utf8').replace(',', ' '));
    await done(detects);
    await expectForm(damaged);
    await expectForm(audit);
  });

  it.each(prunes.map((each) => [each.command, each] as const))('ends with %s', (_command, each) => expectForm(each));
});
