/**
 * A Runner of an ordinary user: `ordinary-user.ts <store> <python> <zip> <release>`, with room for a few processes of
 * the release. Prints what it sees as one JSON object.
 */
import { createRunner } from '../../../src/index.js';
import { inspectStore } from '../../../src/runner/doctor/store-checks.js';

const [store = '', python = '', zip = '', release = ''] = process.argv.slice(2);
const limits = { processes: 24 };
const runner = await createRunner({ store, interpreters: [python], scanIntervalMs: 0, retries: 0, limits });
await runner.install(zip);
await runner.activate(release, ['A01']);

async function call(order: string): Promise<string> {
  const flow = runner.openFlow({ pid: 'A01' });
  const result = await flow.execute(1, { params: { do: order } }).finally(() => flow.close());
  return result.status === 'OK' ? 'OK' : result.fault.message;
}

const image = { width: 16, height: 8, channels: 3 as const, data: new Uint8Array(16 * 8 * 3) };
const { status } = await runner.detect({ pid: 'A01', image });
const [view] = runner.list().releases;
const { isolations, problems } = await inspectStore(store);
const seen = { isolation: runner.isolation, ofRelease: view?.isolation, isolations, problems, status };
const hit = { processes: await call('processes'), threads: await call('threads'), after: await call('') };
await runner.close();
process.stdout.write(JSON.stringify({ ...seen, hit, uid: process.getuid?.() }));
