import { describe, expect, test } from 'vitest';
import type { Expectation } from './judge/expectation.js';
import type { Facts } from './judge/facts.js';
import { judge } from './judge/judge.js';
import { operationsOn } from './scenes/operations.js';
import type { Packages } from './scenes/operations.js';

const SHA = 'a'.repeat(64);
const packages = Object.fromEntries(
  ['one', 'two', 'three', 'four', 'fresh', 'heavy', 'other'].map((name) => [
    name,
    { release: `${name}@1.0.0`, zip: `/zips/${name}-v1.0.0-offline.zip`, sha256: SHA },
  ]),
) as unknown as Packages;

const FILES = ['installation.json', 'manifest.json 100'];
const deployment = { marked: false, sha256: SHA, files: FILES };
const entry = { state: 'Stopped', sha256: SHA, zip: 'eye.zip' };
const told = (what: string, subject: string, outcome = 'done') => ({
  what,
  subject,
  outcome,
  text: `${what} ${subject}`,
});

/** A store in which two releases are deployed and PIDs bound as said. */
function store(routes: Readonly<Record<string, string>>, more: Partial<Facts> = {}): Facts {
  const releases = ['one@1.0.0', 'two@1.0.0'];
  return {
    registry: new Map(releases.map((release) => [release, entry])),
    routes: new Map(Object.entries(routes)),
    previous: new Map([
      ['A01', 'one@1.0.0'],
      ['A02', 'one@1.0.0'],
    ]),
    deployments: new Map(releases.map((release) => [release, deployment])),
    zips: new Map([['eye.zip', SHA]]),
    leftovers: [],
    aside: [],
    claims: [],
    audit: [],
    ...more,
  };
}

const ON_ONE = { A01: 'one@1.0.0', A02: 'one@1.0.0', A03: 'one@1.0.0' };
const ON_TWO = { ...ON_ONE, A01: 'two@1.0.0', A02: 'two@1.0.0' };
const COMPLETE = new Map([
  ['one@1.0.0', FILES],
  ['two@1.0.0', FILES],
  ['fresh@1.0.0', FILES],
]);

function expectationOf(name: string, before: Facts): Expectation {
  const operation = operationsOn(packages).find((one) => one.name === name);
  if (operation === undefined) throw new Error(`there is no operation ${name}`);
  return { operation, before, complete: COMPLETE };
}

const switching = expectationOf('switch', store(ON_ONE));
const FAILED = { audit: [told('switch', 'two@1.0.0', 'failed')] };
const TOLD = { audit: [told('switch', 'two@1.0.0')] };

describe('after a switch that was cut short', () => {
  test('the store as it was before is fine', () => {
    expect(judge(switching, store(ON_ONE), false)).toEqual({ progress: 'before', problems: [] });
  });

  test('the store as it is afterwards is fine, if the trail tells of it', () => {
    expect(judge(switching, store(ON_TWO, TOLD), true)).toEqual({ progress: 'after', problems: [] });
  });

  const [first, second] = [
    { ...ON_ONE, A01: 'two@1.0.0' },
    { ...ON_ONE, A02: 'two@1.0.0' },
  ];
  const partly = (facts: Facts['deployments'] extends ReadonlyMap<string, infer D> ? Partial<D> : never) => ({
    ...TOLD,
    deployments: new Map([
      ['one@1.0.0', deployment],
      ['two@1.0.0', { ...deployment, ...facts }],
    ]),
  });
  const cases: readonly (readonly [what: string, facts: Facts, problem: RegExp])[] = [
    ['one PID is switched and the other is not', store(first, TOLD), /Half of it is done: A01 two@1.0.0 .*, A02 one@/],
    ['the other way round', store(second, TOLD), /Half of it is done/],
    ['a PID points at a third release', store({ ...ON_TWO, A01: 'three@1.0.0' }, TOLD), /A01 is bound to three@1.0.0/],
    ['a PID nobody named has moved', store({ ...ON_TWO, A03: 'two@1.0.0' }, TOLD), /A03 is bound to two@1.0.0/],
    ['a PID has lost its route', store({ A01: 'two@1.0.0', A02: 'two@1.0.0' }, TOLD), /A03 is bound to nothing/],
    [
      'a route forgot what it was before',
      store(ON_TWO, { ...TOLD, previous: new Map() }),
      /A01 was switched, but not from/,
    ],
    ['the trail does not tell', store(ON_TWO), /took effect, but the audit trail does not tell of it/],
    ['the trail tells of a failure', store(ON_TWO, FAILED), /took effect, but the audit trail tells of it as failed/],
    ['the trail tells too much', store(ON_ONE, TOLD), /tells of switch as done, but it is not/],
    ['the trail tells it twice', store(ON_TWO, { audit: [...TOLD.audit, ...TOLD.audit] }), /as done 2 times/],
    ['the registry cannot be read', store(ON_TWO, { ...TOLD, registry: 'oops' }), /oops/],
    ['something is left in staging', store(ON_TWO, { ...TOLD, leftovers: ['algorithms/.staging/1f'] }), /left behind/],
    [
      'something was set aside',
      store(ON_TWO, { ...TOLD, aside: ['active-A01.json.12'] }),
      /active-A01.* was set aside/,
    ],
    [
      'a deployment lacks a file',
      store(ON_TWO, partly({ files: ['installation.json'] })),
      /two@.* is not whole.*manifest/,
    ],
    ['a deployment is still marked', store(ON_TWO, partly({ marked: true })), /two@1.0.0 is marked as incomplete/],
    ['a deployment has another hash', store(ON_TWO, partly({ sha256: null })), /deployed from another zip/],
    ['a release rests as Invalid', resting('Invalid'), /one@1.0.0 rests in Invalid/],
    ['a deployed release rests as Validated', resting('Validated'), /one@1.0.0 is Validated .* deployed on disk/],
    ['a zip is not whole', store(ON_TWO, { ...TOLD, zips: new Map([['eye.zip', 'b']]) }), /eye.zip.*not a whole zip/],
  ];
  test.each(cases)('it is found when %s', (_what, facts, problem) => {
    expect(judge(switching, facts, false).problems.join('\n')).toMatch(problem);
  });

  test('the state before is wrong once the caller was told that it is done', () => {
    const { problems } = judge(switching, store(ON_ONE), true);
    expect(problems).toEqual(['The operation was acknowledged, but it is not done.']);
  });

  test('a record of the trail that the kill cut short may be set aside', () => {
    const facts = store(ON_ONE, { aside: ['logs-audit.jsonl.0123456789ab'] });
    expect(judge(switching, facts, false).problems).toEqual([]);
  });
});

/** The switch is done, but one of the releases rests elsewhere. */
function resting(state: string): Facts {
  const registry = new Map([
    ['one@1.0.0', { ...entry, state }],
    ['two@1.0.0', entry],
  ]);
  return store(ON_TWO, { ...TOLD, registry });
}

describe('after an installation that was cut short', () => {
  const before = store(ON_ONE);
  const installing = expectationOf('install', before);
  const withFresh = (state: string, isDeployed: boolean): Facts => ({
    ...before,
    audit: [told('install', 'fresh@1.0.0')],
    registry: new Map([...(before.registry as Map<string, typeof entry>), ['fresh@1.0.0', { ...entry, state }]]),
    deployments: new Map([...before.deployments, ...(isDeployed ? ([['fresh@1.0.0', deployment]] as const) : [])]),
  });

  test('the release is deployed, or waits validated, or was never heard of', () => {
    expect(judge(installing, withFresh('Stopped', true), true).problems).toEqual([]);
    expect(judge(installing, { ...withFresh('Validated', false), audit: [] }, false).problems).toEqual([]);
    expect(judge(installing, before, false).problems).toEqual([]);
  });

  test('a deployment the registry does not count as one is found', () => {
    const { problems } = judge(installing, withFresh('Validated', true), false);
    expect(problems).toContain('fresh@1.0.0 is Validated in the registry, and deployed on disk.');
  });

  test('a deployment in the registry that is not on the disk is found', () => {
    const { problems } = judge(installing, { ...withFresh('Deployed', false), audit: [] }, false);
    expect(problems).toContain('fresh@1.0.0 is Deployed in the registry, and not deployed on disk.');
  });
});

describe('after a forced uninstallation that was cut short', () => {
  const removing = expectationOf('uninstall_forced', store(ON_ONE));

  test('its PIDs may be unbound and the release still there, but not only some of them', () => {
    const audit = [told('deactivate', 'A01,A02,A03')];
    expect(judge(removing, store({}, { audit }), false)).toEqual({ progress: 'between', problems: [] });
    expect(judge(removing, store({ A01: 'one@1.0.0' }, { audit }), false).problems.join()).toMatch(
      /Half of it is done/,
    );
  });

  test('a release that is gone while PIDs point at it is found', () => {
    const gone = store(ON_ONE, { registry: new Map([['two@1.0.0', entry]]), deployments: new Map() });
    expect(judge(removing, gone, false).problems.join()).toMatch(/A01 is bound to one@1.0.0, which is not deployed/);
  });
});
