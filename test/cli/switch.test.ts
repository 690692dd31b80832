import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteView } from '../../src/index.js';
import { storeLayout } from '../../src/index.js';
import { readStore } from '../../src/runner/status/read-store.js';
import { appears } from './support/appears.js';
import { Desk } from './support/command-line.js';
import { runInside } from './support/run-inside.js';
import { openSlowLine } from './support/slow-line.js';

/** Product ids that change their release by command, and what becomes of a change that is not let to its end. */
const commandLine = new Desk();
const store = commandLine.path('runtime_store');
const route = storeLayout(store).route('P1');
const HOLD = commandLine.path('hold');
const ONE = 'slow@1.0.0';
const TWO = 'slow@2.0.0';
const FRAGILE = 'slow@3.0.0';

/** Ends its process as soon as somebody writes the file. */
const DIE = commandLine.path('die');
const FRAIL = `
import threading
def die():
    while not os.path.exists(${JSON.stringify(DIE)}):
        time.sleep(0.02)
    os._exit(3)
threading.Thread(target=die, daemon=True).start()
`;

beforeAll(() =>
  openSlowLine(commandLine, [
    { version: '1.0.0' },
    { version: '2.0.0', hold: HOLD },
    { version: '3.0.0', atImport: FRAIL },
  ]),
);
afterAll(() => commandLine.remove());

const inside = (...words: string[]) => runInside([...words, '--store', store]);
const routes = async (): Promise<Readonly<Record<string, Partial<RouteView>>>> => {
  const found = (await readStore(store)).routes;
  return Object.fromEntries(
    found.map(({ pid, release, previous, onProbation }) => [pid, { release, previous, onProbation }]),
  );
};
const bound = (release: string) => ({ release, previous: null, onProbation: false });

describe('a switch that is interrupted before its commit', () => {
  it.each([
    ['is called off', ['SIGINT'] as const],
    ['is called off at once, when hurried', ['SIGTERM', 'SIGTERM'] as const],
  ])('%s: nothing is changed, and the command says so', async (_what, signals) => {
    writeFileSync(HOLD, '');
    rmSync(`${HOLD}.waits`, { force: true });
    const command = commandLine.begin(['switch', TWO, '--pid', 'P1', 'P2', '--json']);
    await appears(`${HOLD}.waits`);
    for (const [i, signal] of signals.entries()) {
      command.child.kill(signal);
      await command.said(i === 0 ? `${signal}: closing; once more hurries` : `${signal}: hurrying`);
    }
    const { code, json } = await command.ended;
    rmSync(HOLD);
    expect(code).toBe(signals[0] === 'SIGINT' ? 130 : 143);
    expect(json()).toMatchObject({
      code: '3024',
      message: 'The switch of P1, P2 was cancelled. Nothing was changed.',
    });
    expect(await routes()).toEqual({ P1: bound(ONE), P2: bound(ONE) });
  });
});

describe('a switch', () => {
  it('that is refused exits as its failure does and changes nothing', async () => {
    const unknown = await inside('switch', TWO, '--pid', 'P1', 'P9');
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('1001 invalid_pid');
    const rollback = await inside('rollback', 'P1');
    expect(rollback.code).toBe(64);
    expect(rollback.stderr).toContain('There is no release the PID P1 was switched from.');
    expect(await routes()).toEqual({ P1: bound(ONE), P2: bound(ONE) });
  });

  it('is committed with its probation as asked, which is left to the next Runner', async () => {
    const words = ['--probation-ms', '90000', '--errors-max', '7', '--calls-min', '5'];
    const { code, stdout, stderr } = await inside('switch', TWO, '--pid', 'P1', 'P2', ...words);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `P1 → ${TWO} (was ${ONE})\nP2 → ${TWO} (was ${ONE})\n` });
    expect(stderr).toContain(`on probation: the next Runner on this store keeps ${ONE} warm`);
    const onProbation = { release: TWO, previous: ONE, onProbation: true };
    expect(await routes()).toEqual({ P1: onProbation, P2: onProbation });
    expect(JSON.parse(readFileSync(route, 'utf8'))).toMatchObject({
      probation: { duration_ms: 90_000, errors_max: 7, calls_min: 5 },
    });
  });

  it('of a product id on probation waits for its end: confirmed, or rolled back', async () => {
    const refused = await inside('switch', FRAGILE, '--pid', 'P1');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('3013 operation_conflict');

    const confirmed = await inside('confirm', '--pid', 'P2', '--json');
    expect(confirmed.json()).toEqual([{ pid: 'P2', release: TWO }]);
    expect((await inside('confirm', '--pid', 'P2')).code).toBe(1);

    const back = await inside('rollback', 'P1', '--json');
    expect(back.json()).toMatchObject({
      ...{ kind: 'rollback', pids: ['P1'], from: { P1: TWO }, to: ONE, outcome: 'confirmed', reason: null },
      ...{ calls: { old: 0, new: 0 }, errors: 0, downtime_ms: 0 },
    });
    expect(await routes()).toEqual({ P1: bound(ONE), P2: { release: TWO, previous: ONE, onProbation: false } });
  });

  it('goes back to any release of the algorithm by name', async () => {
    expect((await inside('rollback', 'P2', '--to', ONE)).stdout).toBe(`P2 → ${ONE} (was ${TWO})\n`);
    expect((await inside('rollback', 'P2', '--to', ONE)).stdout).toBe(`P2 → ${ONE} (as before)\n`);
  });

  it('writes down what was asked of the probation, and leaves the rest to the policy of the next Runner', async () => {
    await inside('switch', TWO, '--pid', 'P1', '--errors-max', '1');
    const { probation } = JSON.parse(readFileSync(route, 'utf8')) as { probation: object };
    expect(probation).toEqual({ started_at: expect.any(String), errors_max: 1 });
    await inside('rollback', 'P1');
  });

  it('that waits until it is confirmed reports every step in snake_case, with its time', async () => {
    const words = ['--until', 'confirmed', '--probation-ms', '100', '--json'];
    const { code, json } = await inside('switch', TWO, '--pid', 'P1', ...words);
    const report = json<{ timeline: { stage: string; pid: string | null; at_ms: number }[] }>();
    expect(code).toBe(0);
    expect(report).toMatchObject({ kind: 'switch', outcome: 'confirmed', reason: null, downtime_ms: 0 });
    expect(report.timeline.map(({ stage, pid }) => [stage, pid])).toEqual([
      ...['Preparing', 'Preheating', 'Committing', 'Committed'].map((stage) => [stage, null]),
      ...['Probation', 'Confirming', 'Serving'].map((stage) => [stage, 'P1']),
    ]);
    const times = report.timeline.map(({ at_ms }) => at_ms);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('whose release does not prove itself returns by itself, and is a failure with its reason', async () => {
    const words = ['switch', FRAGILE, '--pid', 'P1', '--until', 'confirmed', '--errors-max', '0', '--store', store];
    const { code, stdout, stderr } = await runInside(words, { NO_COLOR: '1' }, (seen) => {
      if (seen.includes('P1: Probation')) writeFileSync(DIE, '');
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: `P1 is back on ${TWO}\n` });
    expect(stderr).toContain(`P1 could not stay with ${FRAGILE}`);
    expect(stderr).toContain('(3025 probation_failed)');
    expect((await routes())['P1']).toMatchObject({ release: TWO, onProbation: false });

    const records = (await inside('history', 'P1', '--json')).json<{ who: string; what: string; reason: string }[]>();
    const [asked, own] = records.slice(-2);
    expect(asked).toMatchObject({ who: 'cli', what: 'switch', outcome: 'done', from: TWO, to: FRAGILE });
    expect(own).toMatchObject({ who: 'runner', what: 'rollback', outcome: 'done', from: FRAGILE, to: TWO });
    expect(own?.reason).toContain('0 were allowed');
  });

  it('that is interrupted during its probation stays committed; the probation is left to the next Runner', async () => {
    const command = commandLine.begin(['switch', ONE, '--pid', 'P1', '--until', 'confirmed', '--json']);
    await expect.poll(async () => (await routes())['P1']?.onProbation).toBe(true);
    command.child.kill('SIGINT');
    const { code, json } = await command.ended;
    expect(code).toBe(130);
    expect(json()).toMatchObject({ outcome: 'committed', to: ONE });
    expect((await routes())['P1']).toEqual({ release: ONE, previous: TWO, onProbation: true });
  });

  it.each([
    ['calls that cannot come', ['--until', 'confirmed', '--calls-min', '1']],
    ['an end that does not exist', ['--until', 'tomorrow']],
    ['a probation that is no number', ['--probation-ms', 'long']],
    ['less than no errors', ['--errors-max', '-1']],
  ])('for %s is refused as usage', async (_what, words) => {
    expect((await inside('switch', TWO, '--pid', 'P1', ...words)).code).toBe(64);
  });
});

describe('uninstall --force', () => {
  it('unbinds product ids and ends the probations that would return to the release', async () => {
    expect((await inside('uninstall', ONE)).stderr).toContain('2007 unsafe_uninstall');
    const gone = await inside('uninstall', TWO, '--force', '--json');
    expect(gone).toMatchObject({ code: 0 });
    expect(gone.json()).toMatchObject({ release: TWO, unbound: [] });
    expect((await routes())['P1']).toMatchObject({ release: ONE, onProbation: false });

    const last = await inside('uninstall', ONE, '--force');
    expect(last.stdout).toBe(
      `P1 is not bound any more (was ${ONE})\nP2 is not bound any more (was ${ONE})\n${ONE} is uninstalled\n`,
    );
    expect(await routes()).toEqual({});
  });
});
