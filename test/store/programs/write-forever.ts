/**
 * `write-forever.js <store>`: recovers the store, says `ready <round>`, then changes registry, two routes, audit trail and a
 * deployment round after round, saying what it has been promised: `<what> <round>`. Meant to be killed.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  acquireStoreLock,
  beginDeployment,
  commitRoutes,
  completeDeployment,
  discardDeployment,
  recoverStore,
  storeLayout,
} from '../../../src/store/index.js';

const [root = ''] = process.argv.slice(2);
const layout = storeLayout(root);
const at = '2026-11-20T12:00:00.000Z';
const sha256 = 'b'.repeat(64);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

await acquireStoreLock(root);
const recovered = await recoverStore(layout);
const { registry, audit, unregistered } = recovered;
const store = { ...recovered, layout };
const asked = { who: 'test', what: 'switch', subject: 'A01, A02' };
const start = Number(registry.get('writer', '1')?.supported_pids[0] ?? 0);
for (const { name, version } of unregistered) await discardDeployment(layout, name, version);
say(`ready ${start}`);

for (let round = start + 1; ; round += 1) {
  const pids = [String(round)];
  const entry = { name: 'writer', version: '1', zip: 'w.zip', sha256, created_at: at, updated_at: at } as const;
  await Promise.all([
    registry.put({ ...entry, supported_pids: pids, state: 'Validated', wanted: 'stopped' }),
    registry.put({ ...entry, name: 'other', supported_pids: pids, state: 'Stopped', wanted: 'running' }),
  ]);
  say(`registry ${round}`);
  const route = { name: 'writer', version: String(round), activated_at: at };
  await commitRoutes(
    store,
    asked,
    new Map([
      ['A01', route],
      ['A02', route],
    ]),
  );
  say(`route ${round}`);
  await audit.append({ who: 'test', what: 'round', subject: String(round), outcome: 'ok' });
  say(`audit ${round}`);
  const folder = await beginDeployment(layout, 'writer', String(round));
  for (const file of ['a.py', 'b.py', 'c.py']) await writeFile(join(folder, file), String(round));
  const installation = { interpreter: 'python3', python_version: '3.11', wheels: [], installed_at: at, duration_ms: 1 };
  await completeDeployment(layout, { name: 'writer', version: String(round), sha256, installation });
  say(`deployed ${round}`);
  await discardDeployment(layout, 'writer', String(round));
  say(`discarded ${round}`);
}
