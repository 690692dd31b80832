import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { Flow, Runner } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { processesOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { stationZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import { call, told } from './support/station.js';

const layout = storeLayout(join(scratchFolder(), 'store'));
let runner: Runner;

beforeAll(async () => {
  runner = await openRunner({
    store: layout.root,
    instances: 2,
    restart: { breakerLosses: 1000, immediateRestarts: 1000 },
  });
  const keeps = { supported_pids: ['K01'], behaviour: { capabilities: ['info'] } };
  await runner.install(stationZip({ name: 'keeper', manifest: keeps }));
  await runner.install(stationZip({ name: 'giver', manifest: { supported_pids: ['G01'] } }));
  await runner.activate('keeper@1.0.0', ['K01']);
  await runner.activate('giver@1.0.0', ['G01']);
});

const execute = async (flow: Flow, orders = 'OK') => told(await flow.execute(1, { params: { do: orders } }));
const alive = (name: string): number =>
  processesOf(layout).filter(({ command }) => command.startsWith(`${layout.deployment(name, '1.0.0')}/venv/bin/python`))
    .length;

beforeEach(async () => {
  await expect.poll(() => alive('keeper')).toBe(2);
  // Both are ready when two calls at once are served by two.
  await expect.poll(async () => (await twoAtOnce('K01')).size).toBe(2);
});

/** The processes that serve two calls made at once. */
async function twoAtOnce(pid: string): Promise<Set<number>> {
  const answers = await Promise.all([call(runner, pid, 'sleep 30'), call(runner, pid, 'sleep 30')]);
  return new Set(answers.map((answer) => told(answer).os_pid));
}

test('a release of two processes serves two calls at once', async () => {
  expect(alive('giver')).toBe(2);
  await expect.poll(async () => (await twoAtOnce('G01')).size).toBe(2);
});

describe('an algorithm that does not hand sessions over, in two processes', () => {
  /** Two flows, each at home in another process. */
  async function twoFlows() {
    const flows = [runner.openFlow({ pid: 'K01' }), runner.openFlow({ pid: 'K01' })] as const;
    const homes = await Promise.all(flows.map(async (flow) => (await execute(flow, 'sleep 60')).os_pid));
    expect(new Set(homes).size).toBe(2);
    return { flows, homes: homes as [number, number] };
  }

  test('keeps each flow on its process, however their calls fall together', async () => {
    const { flows, homes } = await twoFlows();
    for (let i = 0; i < 12; i++) {
      const [one, two] = flows;
      // In turn, at once, and against a third caller that makes either process busy.
      const others = i % 3 === 0 ? [call(runner, 'K01', 'sleep 15')] : [];
      const together = await Promise.all([execute(one, 'sleep 5'), execute(two), ...others]);
      expect(together.slice(0, 2)).toMatchObject([{ os_pid: homes[0] }, { os_pid: homes[1] }]);
      expect(await execute(i % 2 === 0 ? one : two)).toMatchObject({ os_pid: homes[i % 2] });
    }
    const { sessions } = await execute(flows[0]);
    expect(sessions).toContain(flows[0].id);
    expect(sessions).not.toContain(flows[1].id);
    for (const flow of flows) flow.close();
  });

  test('ends the flow whose process dies in a call, and no other', async () => {
    const { flows, homes } = await twoFlows();
    expect(await flows[0].execute(1, { params: { do: 'exit 3' } })).toMatchObject({ outcome: 'lost' });
    expect(flows[0].open).toBe(false);
    expect(await refusalOf(flows[0].execute(1))).toMatchObject({ code: '3015', faultName: 'flow_ended' });
    expect(await execute(flows[1])).toMatchObject({ os_pid: homes[1] });
    flows[1].close();
  });

  test('ends the flow whose process dies at rest: its next call is refused with the code that says so', async () => {
    const { flows, homes } = await twoFlows();
    process.kill(homes[0], 'SIGKILL');
    await expect.poll(() => processesOf(layout).some(({ osPid }) => osPid === homes[0])).toBe(false);
    await expect.poll(() => alive('keeper')).toBe(2);
    const refusal = await refusalOf(execute(flows[0]));
    expect(refusal).toMatchObject({ code: '3015', faultName: 'flow_ended' });
    expect(await execute(flows[1])).toMatchObject({ os_pid: homes[1] });
    flows[1].close();
  });

  test('settles a call that waits for the process when that dies: lost, with the code of the flow', async () => {
    const { flows, homes } = await twoFlows();
    const passing = call(runner, 'K01', 'sleep 300', { retries: 0 });
    const other = execute(flows[1], 'sleep 150');
    // The passing call runs where the first flow lives, so that the flow's next call waits.
    const waiting = flows[0].execute(1);
    await new Promise((resolve) => setImmediate(resolve));
    process.kill(homes[0], 'SIGKILL');
    expect(await passing).toMatchObject({ outcome: 'lost', fault: { code: '3002' } });
    expect(await waiting).toMatchObject({ outcome: 'lost', fault: { code: '3015' } });
    expect(await other).toMatchObject({ os_pid: homes[1] });
    flows[1].close();
  });
});
