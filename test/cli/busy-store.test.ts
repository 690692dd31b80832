import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRunner } from '../../src/index.js';
import { appears } from './support/appears.js';
import { Desk, EXAMPLES } from './support/command-line.js';
import { runInside } from './support/run-inside.js';
import { openSlowLine } from './support/slow-line.js';

/** A store that somebody else works on, and a command that is interrupted at its work. */
const commandLine = new Desk();
const store = commandLine.path('runtime_store');
const deployed = commandLine.path('runtime_store', 'algorithms', 'deployed', 'slow', '1.0.0');
const IMAGE = join(EXAMPLES, 'images', 'screw-check', 'control-board-01.jpg');
const DETECT = ['detect', '--pid', 'P1', '--image', IMAGE];

beforeAll(() => openSlowLine(commandLine, [{ version: '1.0.0' }], ['P1']));
afterAll(() => commandLine.remove());

describe('while a Runner has the store', () => {
  it('commands that change it exit 75; those that only read work beside it', async () => {
    const runner = await createRunner({ store, resume: false, scanIntervalMs: 0 });
    try {
      const refused = await commandLine.run(['start', 'slow@1.0.0', '--json']);
      expect(refused.code).toBe(75);
      expect(refused.json()).toMatchObject({ code: '3017', name: 'store_locked' });

      const moved = await runInside(['switch', 'slow@2.0.0', '--pid', 'P1', '--store', store]);
      expect(moved.code).toBe(75);
      expect(moved.stderr).toContain(`process ${process.pid} on host`);

      const inside = (...words: string[]) => runInside([...words, '--store', store]);
      const listed = await inside('ls', '--json');
      expect(listed.json()).toMatchObject({ releases: [{ release: 'slow@1.0.0' }], routes: [{ pid: 'P1' }] });
      expect((await inside('logs', 'slow@1.0.0', '--tail', '1')).code).toBe(0);
      expect((await commandLine.run(['trace', 'show', runner.traceFile ?? ''])).stdout).toContain('Opening → Serving');
      expect((await inside('history', 'P1')).stdout).toMatch(/ library +activate +done +slow@1/);
      expect((await inside('audit', 'verify')).code).toBe(0);
      const { stdout } = await commandLine.run(['doctor']);
      expect(stdout).toContain('1 release, 1 PID bound');
      expect(stdout).toMatch(
        new RegExp(`^passed +runner +process ${process.pid} on host \\S+ works on the store`, 'm'),
      );
    } finally {
      await runner.close();
    }
    expect((await commandLine.run(['start', 'slow@1.0.0'])).code).toBe(0);
  });
});

describe('an interrupted command', () => {
  it('closes its Runner, frees the store and exits by its signal', async () => {
    const command = commandLine.begin([...DETECT, '--json']);
    await appears(join(deployed, 'running'));
    command.child.kill('SIGINT');
    await command.said('SIGINT: closing');
    writeFileSync(join(deployed, 'go'), '');
    const { code, json } = await command.ended;
    expect(code).toBe(130);
    expect(json()).toMatchObject([{ status: 'ERROR', fault: { code: '3008', name: 'call_cancelled' } }]);

    const again = await commandLine.run([...DETECT, '--json']);
    expect(again.json()).toMatchObject([{ verdict: 'OK' }]);
  });
});
