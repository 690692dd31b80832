/** Run before every test file, also where files share a process: each begins as if it had the process to itself. */
import { afterAll, afterEach, vi } from 'vitest';
import { fileOver, testOver } from './cleanup.js';
import { giveBackOwnFolder, takeOwnFolder } from './own-folder.js';

const environment = { ...process.env };
takeOwnFolder();

afterEach(testOver);
afterAll(async () => {
  vi.useRealTimers();
  await fileOver();
  giveBackOwnFolder();
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
});
