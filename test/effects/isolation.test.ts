import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { probeIsolation } from '../../src/effects/index.js';

const PATH = process.env['PATH'];
afterEach(() => {
  process.env['PATH'] = PATH;
});

describe('the isolation level of this host', () => {
  test('is one whose tools really run a program here', async () => {
    const { level, prefix } = await probeIsolation();
    expect(['namespace', 'parent_death', 'group']).toContain(level);
    const [command = 'echo', ...args] = [...prefix, 'echo', 'it runs'];
    expect(execFileSync(command, args, { encoding: 'utf8' })).toBe('it runs\n');
  });

  test('is the plain process group where the tools are missing', async () => {
    process.env['PATH'] = '/nowhere';
    expect(await probeIsolation()).toEqual({ level: 'group', prefix: [] });
  });
});
