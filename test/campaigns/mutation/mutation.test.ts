import { beforeAll, describe, expect, test } from 'vitest';
import { MACHINES } from '../../../machines/index.js';
import { allMutants, drawn } from './all-mutants.js';
import { wavering } from '../../../src/testing/exploration/index.js';
import { explorationCheck } from './checks/explorations.js';
import { historyChecks } from './checks/histories.js';
import { HARMLESS } from './harmless.js';
import { Jury } from './jury.js';
import { KINDS } from './mutants.js';
import type { Mutant } from './mutants.js';
import { reportOn } from './report.js';

const mutants = allMutants();
const named = (id: string): Mutant => {
  const found = mutants.find((mutant) => mutant.id === id);
  if (found === undefined) throw new Error(`there is no mutant "${id}"`);
  return found;
};

describe('mutants', () => {
  test('are made of every kind and of every machine, each with a name of its own', () => {
    expect(new Set(mutants.map(({ kind }) => kind))).toEqual(new Set(KINDS));
    expect(new Set(mutants.map(({ original }) => original))).toEqual(new Set(MACHINES));
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
  });

  test('are machines, and leave the original as it is', () => {
    const before = MACHINES.map(({ config }) => JSON.stringify(config));
    for (const { make, original } of drawn(mutants, 200, 1)) expect(make().id).toBe(original.id);
    expect(MACHINES.map(({ config }) => JSON.stringify(config))).toEqual(before);
  });

  test('differ from the original in one place', () => {
    for (const { id, make, original } of drawn(mutants, 60, 2))
      if (!id.endsWith('guard negated'))
        expect(JSON.stringify(make().config), id).not.toBe(JSON.stringify(original.config));
  });

  test('are drawn by a seed, the same again', () => {
    const ids = (seed: number) => drawn(mutants, 20, seed).map(({ id }) => id);
    expect(ids(1)).toEqual(ids(1));
    expect(ids(1)).toHaveLength(20);
    expect(ids(1)).not.toEqual(ids(2));
  });
});

describe('a reason why a mutant does no harm', () => {
  test('names a mutant there is', () => {
    expect(Object.keys(HARMLESS).filter((id) => !mutants.some((mutant) => mutant.id === id))).toEqual([]);
  });

  test('is to go once its mutant is caught', () => {
    const [id] = Object.keys(HARMLESS);
    const caught = { by: 'properties', check: 'history 1', what: 'It is wrong.' } as const;
    const mutant = mutants.findIndex((one) => one.id === id);
    expect(reportOn(mutants, [{ mutant, caught, seconds: 0 }], 1, []).stale).toEqual([id]);
    expect(reportOn(mutants, [{ mutant, caught: null, seconds: 0 }], 1, []).stale).toEqual([]);
  });
});

describe('the properties', () => {
  let jury: Jury;
  beforeAll(async () => {
    jury = await Jury.of(historyChecks(12, 0));
  });

  test('find nothing in the machines as they are', () => {
    expect(jury.red).toEqual([]);
  });

  test.each([
    'package Running · call.requested → Executing · without dispatchGiven',
    'package Running · call.requested [homeIsGone] · guard negated',
    'process Stopping · after shutdownDeadline · delay removed',
    'process Confirming · info.received [infoAgrees] → Running · retargeted to Executing',
    'route Switching · route.commit → Draining · dropped',
    'changeover Committing · entry · without reportStage Committing',
  ])('find %s', async (id) => {
    expect(await jury.judge(named(id))).toMatchObject({ by: 'properties' });
  });

  test('do not find what is the same', async () => {
    expect(await jury.judge(named('runner * · runner.hurry · dropped'))).toBeNull();
  });
});

describe('exploration', () => {
  const [seldom, useless] = [
    'package Deployed.Recording · package.stop [wishChanges] → Deployed.Recording · dropped',
    'runner * · runner.hurry · dropped',
  ].map(named) as [Mutant, Mutant];

  test('goes to the place of a mutant and finds it there by a rule', async () => {
    const jury = await Jury.of([explorationCheck(wavering(1))]);
    expect(await jury.judge(seldom)).toMatchObject({ by: 'exploration', what: /^what is being written down is/ });
    expect(await jury.judge(useless)).toBeNull();
    expect(jury.red).toEqual([]);
  });

  test('finds nothing where it finds as much without the mutant, and that is told', async () => {
    const real = explorationCheck(wavering(1));
    const jury = await Jury.of([{ ...real, run: (site) => (site === null ? real.run(null) : 'It is wrong.') }]);
    expect(await jury.judge(seldom)).toBeNull();
    expect(jury.red).toEqual([`wavering, at ${seldom.id}: It is wrong.`]);
  });
});
