/**
 * A Runner of a user that passwd does not know, with no home: `unknown-user.ts <store> <python> <zip> <release>`. Prints what
 * an algorithm of test/fixtures/packages/values.py sees of its surroundings as one JSON object.
 */
import { createRunner } from '../../../src/index.js';

const [store = '', python = '', zip = '', release = ''] = process.argv.slice(2);
const runner = await createRunner({ store, interpreters: [python], scanIntervalMs: 0, retries: 0 });
await runner.install(zip);
await runner.activate(release, ['A01']);
const image = { width: 16, height: 8, channels: 3 as const, data: new Uint8Array(16 * 8 * 3) };
const { status, verdict, fault } = await runner.detect({ pid: 'A01', image });
const flow = runner.openFlow({ pid: 'A01' });
const result = await flow.execute(1, { params: { do: 'surroundings' } }).finally(() => flow.close());
await runner.close();
const seen = result.status === 'OK' ? result.data['given'] : result.fault;
process.stdout.write(JSON.stringify({ uid: process.getuid?.(), status, verdict, fault, seen }));
