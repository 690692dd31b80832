/** Starts a process of its own group that nothing but itself will end, as no Runner may: `leave-child.js <seconds>`. */
import { spawn } from 'node:child_process';
import { begin } from './kill-switch.js';

begin();
spawn('sleep', [process.argv[2] ?? '60'], { detached: true, stdio: 'ignore' }).unref();
