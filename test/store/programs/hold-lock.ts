/**
 * `hold-lock.js <store> <flock tool>`: takes the lock of a store and says `held <kind>`, or the refusal as JSON. Obeys
 * `release` (and says `released`) and `fork`: starts a child that would inherit whatever leaks, and says its os pid.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { toFault } from '../../../src/base/errors/index.js';
import { acquireStoreLock } from '../../../src/store/index.js';

const [root = '', tool = 'flock'] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const lock = await acquireStoreLock(root, { tool });
  say(`held ${lock.kind}`);
  for await (const command of createInterface({ input: process.stdin })) {
    if (command === 'release') {
      await lock.release();
      say('released');
    } else if (command === 'fork') {
      say(String(spawn('sleep', ['60'], { stdio: 'ignore', detached: true }).pid));
    }
  }
} catch (error) {
  say(JSON.stringify(toFault(error)));
}
