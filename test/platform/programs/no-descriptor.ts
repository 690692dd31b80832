/**
 * Uses up every descriptor this process may have, tries to start a process, gives them back and tries again. Prints what
 * came of it as one line of JSON.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync } from 'node:fs';
import { spawnProcess } from '../../../src/platform/index.js';

const limit = readdirSync('/proc/self/fd').length + 20;
execFileSync('prlimit', ['--pid', `${process.pid}`, `--nofile=${limit}:`]);

const taken: number[] = [];
for (;;) {
  try {
    taken.push(openSync('/dev/null', 'r'));
  } catch {
    break;
  }
}
const command = { command: '/bin/true', args: [], environment: {} };
const without = await spawnProcess(command);
for (const fd of taken.slice(3)) closeSync(fd);
const few = taken.length;
const after = await spawnProcess(command);
process.stdout.write(`${JSON.stringify({ without, few, began: after.osPid !== null })}\n`);
