import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { acquireStoreLock, recoverStore, storeLayout, verifyAudit } from '../../src/store/index.js';
import type { RecoveredStore, StoreLayout } from '../../src/store/index.js';
import { startProgram } from './support/programs.js';
import { mulberry } from './support/random.js';
import { scratchFolder } from './support/stores.js';

const KILLS = 10;

describe('a Runner killed amid its writes', () => {
  it(`finds, ${KILLS} times out of ${KILLS}, everything it was promised and nothing half-done`, async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    const random = mulberry(seed);
    const layout = storeLayout(await scratchFolder());
    const interrupted = new Set<string>();
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const promised = await runAndKill(layout, random() * 25);
      const story = `seed ${seed}, kill ${kill}, last promises ${JSON.stringify(promised)}`;
      const lock = await acquireStoreLock(layout.root);
      const store = await recoverStore(layout);
      await lock.release();
      await check(layout, store, promised, story);
      for (const { what } of store.problems) interrupted.add(what);
    }
    expect([...interrupted], `seed ${seed}: no kill hit anything`).not.toEqual([]);
  });
});

/** The last round of which each kind of write was promised. */
type Promised = Readonly<Record<string, number>>;

async function runAndKill(layout: StoreLayout, afterMs: number): Promise<Promised> {
  const writer = startProgram('write-forever', layout.root);
  const [, start] = (await writer.nextLine()).split(' ');
  const promised: Record<string, number> = { registry: Number(start) };
  await delay(afterMs); // the moment of the kill is the point
  await writer.kill();
  for (const line of await writer.restOfLines()) {
    const [what = '', round] = line.split(' ');
    promised[what] = Number(round);
  }
  return promised;
}

async function check(layout: StoreLayout, store: RecoveredStore, promised: Promised, story: string): Promise<void> {
  const { registry, routes, degraded, problems, unregistered } = store;
  const round = Number(registry.get('writer', '1')?.supported_pids[0] ?? 0);
  const registered = promised['registry'] ?? 0;
  expect([registered, registered + 1], story).toContain(round);
  // Two changes of one write are there together.
  expect(Number(registry.get('other', '1')?.supported_pids[0] ?? 0), story).toBe(round);

  const routed = Number(routes.get('A01')?.version ?? 0);
  expect(Number(routes.get('A02')?.version ?? 0), story).toBe(routed);
  if (promised['route'] !== undefined) expect([promised['route'], promised['route'] + 1], story).toContain(routed);
  expect(
    problems.filter(({ what }) => what === 'route_unreadable'),
    story,
  ).toEqual([]);
  expect(
    [...degraded.keys()].filter((pid) => pid !== 'A01' && pid !== 'A02'),
    story,
  ).toEqual([]);

  const verdict = await verifyAudit(layout.audit);
  expect(verdict, story).toMatchObject({ ok: true, incomplete: false });

  const { deployed = 0, discarded = 0 } = promised;
  if (deployed > discarded) expect(unregistered.length, story).toBeLessThanOrEqual(1);
  for (const { folder, version } of unregistered) {
    expect((await readdir(folder)).sort(), story).toEqual(['a.py', 'b.py', 'c.py', 'installation.json']);
    expect(Number(version), story).toBeGreaterThan(discarded);
  }
  expect(await readdir(layout.staging), story).toEqual([]);
  expect(await readdir(layout.operations), story).toEqual([]);
  expect(
    (await readdir(layout.active)).filter((file) => file !== 'A01.json' && file !== 'A02.json'),
    story,
  ).toEqual([]);
}
