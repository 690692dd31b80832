/**
 * Runs in a small tmpfs of its own: `full-disk.ts <mount> <python> <zip> <other zip> <copy>`: a Runner whose store lies in
 * the mount, while that is full for a moment, and one that starts while it is full. Copies the logs to
 * `copy`, and prints what happened as one JSON object.
 */
import { appendFileSync, cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createRunner, RunnerError, storeLayout } from '../../../src/index.js';
import type { Runner } from '../../../src/index.js';

const [mount = '', python = '', zip = '', other = '', copy = ''] = process.argv.slice(2);
const store = join(mount, 'store');
const layout = storeLayout(store);
const ballast = join(mount, 'ballast');
const image = { width: 16, height: 8, channels: 3 as const, data: new Uint8Array(16 * 8 * 3) };
const report: Record<string, unknown> = {};

const open = (): Promise<Runner> => createRunner({ store, scanIntervalMs: 0, interpreters: [python] });

function fill(): void {
  writeFileSync(ballast, '');
  for (let bytes = 1 << 20; bytes >= 1; bytes >>= 1) {
    const part = Buffer.alloc(bytes);
    try {
      for (;;) appendFileSync(ballast, part);
    } catch {
      // A smaller part may still fit.
    }
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !holds(); tries++) await delay(20);
}

async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    return error instanceof RunnerError ? error.faultName : String(error);
  }
}

async function verdict(runner: Runner): Promise<string | null> {
  const result = await runner.detect({ pid: 'A01', image });
  return result.status === 'OK' ? result.verdict : result.status;
}

const codes = (runner: Runner): readonly string[] => [...new Set(runner.problems.map(({ code }) => code))].sort();
const traceFiles = (): readonly string[] => readdirSync(layout.traces);

const runner = await open();
await runner.install(zip);
await runner.activate('good@1.0.0', ['A01']);
report['before'] = await verdict(runner);
await until(() => traceFiles().length > 0);

fill();
report['call on the full disk'] = await verdict(runner);
// What is left of the last page of a file still takes some records.
for (let calls = 0; calls < 500 && !codes(runner).includes('3027'); calls++) {
  await verdict(runner);
  await delay(20);
}
report['problems of the full disk'] = codes(runner);
report['install on the full disk'] = await outcome(runner.install(other));
report['deactivate on the full disk'] = await outcome(runner.deactivate(['A01']));
report['another call'] = await verdict(runner);

const before = traceFiles().length;
rmSync(ballast);
await until(() => traceFiles().length > before);
report['call with space again'] = await verdict(runner);
report['install with space again'] = await outcome(runner.install(other));
await runner.close();

// For whoever looks at it from outside of the mount.
cpSync(join(layout.root, 'logs'), join(copy, 'logs'), { recursive: true });

fill();
const late = await open();
report['call after a start on the full disk'] = await verdict(late);
report['problems after a start on the full disk'] = codes(late);
rmSync(ballast);
await late.close();

process.stdout.write(JSON.stringify(report));
