import { describe, expect, test } from 'vitest';
import { probeIsolation } from '../../src/effects/index.js';
import type { Isolation } from '../../src/effects/index.js';
import { isolationsWith, NO_ISOLATION } from '../../src/platform/index.js';
import { startHost } from './support/host.js';
import { expectNobodyWith, processesWith } from './support/processes.js';

const best = await probeIsolation();
const GROUP = NO_ISOLATION;
const PARENT_DEATH = isolationsWith().at(-1) ?? NO_ISOLATION;
const offers = (level: Isolation['level']): boolean => best.level === level || best.level === 'namespace';

/** Nobody who was there lives 2 s after the host ended. */
async function survivors(
  isolation: Isolation,
  how: 'SIGKILL' | 'SIGTERM' | 'exit' | 'throw',
  ...programs: string[]
): Promise<void> {
  const host = await startHost(isolation, ...programs);
  for (const [program, cookie] of host.cookies) expect(processesWith(cookie), program).not.toEqual([]);
  await host.end(how);
  for (const cookie of host.cookies.values()) await expectNobodyWith(cookie, 2000);
}

describe('kill −9 of the host: no algorithm survives 2 s', () => {
  test('group: those that leave when their input ends', async () => {
    await survivors(GROUP, 'SIGKILL', 'behaves', 'ignores_shutdown');
  });

  test.runIf(offers('parent_death'))('parent_death: also those that would not', async () => {
    await survivors(PARENT_DEATH, 'SIGKILL', 'behaves', 'ignores_sigterm', 'closes_stdin');
  });

  test.runIf(offers('namespace'))(
    'namespace: also whatever they started, forked, or sent into the background',
    async () => {
      await survivors(best, 'SIGKILL', 'behaves', 'ignores_sigterm', 'closes_stdin', 'forks', 'daemonizes');
    },
  );
});

describe.each([
  ['leaves in good order without asking anybody', 'exit'],
  ['leaves by an error nobody caught', 'throw'],
] as const)('a host that %s ends the groups it started', (_what, how) => {
  test('group', () => survivors(GROUP, how, 'behaves', 'ignores_sigterm', 'forks'));
  test.runIf(offers('namespace'))('namespace', () => survivors(best, how, 'ignores_sigterm', 'forks', 'daemonizes'));
});

test.runIf(offers('namespace'))('a host that is asked to terminate takes everybody along', async () => {
  await survivors(best, 'SIGTERM', 'behaves', 'ignores_sigterm', 'daemonizes');
});
