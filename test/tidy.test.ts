/**
 * House rules that neither the compiler nor the linter sees.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { MACHINES } from '../machines/index.js';
import { CATALOGUE, FAULT_CODES } from '../src/base/errors/index.js';

const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
const files = listed.split('\n').filter((path) => path !== '' && existsSync(path));
const sources = files.filter((path) => /^(machines|src)\/.*\.ts$/.test(path));
const texts = files.filter((path) => /\.(ts|js|cjs|json|md|py|toml|yml|sh)$|(^|\/)(run|LICENSE)$/.test(path));

/** Files beyond the smell of 250 lines, each with its reason. */
const LONG: Readonly<Record<string, string>> = {
  'machines/package.setup.ts': 'the vocabulary of one machine: setup() wants its guards and actions in one place',
  'machines/runner.setup.ts': 'the vocabulary of one machine: setup() wants its guards and actions in one place',
  'src/runner/runner.ts': 'the public face of the library: one class, one method per operation',
};

describe('files', () => {
  test('the list of sources is not empty', () => {
    expect(sources.length).toBeGreaterThan(100);
  });

  test('none is longer than 250 lines without a written reason', () => {
    const long = sources.filter((path) => linesOf(path) > 250 && !(path in LONG));
    expect(long).toEqual([]);
  });

  test('a reason for a long file is dropped once the file is short', () => {
    expect(Object.keys(LONG).filter((path) => !existsSync(path) || linesOf(path) <= 250)).toEqual([]);
  });

  test('none has a default branch in a switch: a new case has to break the build', () => {
    const found = sources.filter((path) => /^\s*default:( return\b.*)?$/m.test(read(path)));
    expect(found.filter((path) => !OPEN_SETS.includes(path))).toEqual([]);
  });

  test('none is left unfinished', () => {
    const marks = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|'));
    expect(texts.filter((path) => marks.test(read(path)))).toEqual([]);
  });

  test('none names a registry host or a home folder', () => {
    const places = new RegExp(
      ['registry\\.npm' + 'js', 'pypi\\.' + 'org', '/ro' + 'ot/', '/ho' + 'me/[a-z]'].join('|'),
    );
    const own = texts.filter((path) => !path.endsWith('package-lock.json') && !path.startsWith('test/'));
    expect(own.filter((path) => places.test(read(path)))).toEqual([]);
  });

  test('none of the lock file says where a package was downloaded', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });
});

/** Switches over what a process sent: an open set by the contract (§4, unknown types are ignored). */
const OPEN_SETS = ['src/stepping/acts.ts', 'src/effects/os-process/pipe.ts'];

describe('errors', () => {
  test('no two faults share a code', () => {
    const codes = Object.values(FAULT_CODES);
    expect(new Set(codes).size).toBe(codes.length);
  });

  test('every fault is in docs/errors.md and every code there is a fault', () => {
    const documented = [...read('docs/errors.md').matchAll(/^\| (\d{4}) \| `(\w+)` \|/gm)].map(([, code, name]) => [
      name,
      code,
    ]);
    expect(Object.fromEntries(documented)).toEqual(FAULT_CODES);
  });

  test('every fault says when it happens and what to do', () => {
    for (const { when, todo } of Object.values(CATALOGUE))
      expect([when, todo].every((text) => text.endsWith('.'))).toBe(true);
  });
});

test('every machine file is one of the machines looked at', () => {
  const ids = sources.flatMap((path) => /^machines\/(\w+)\.machine\.ts$/.exec(path)?.[1] ?? []);
  expect(MACHINES.map(({ id }) => id).sort()).toEqual(ids.sort());
});

describe.each(MACHINES.map((m) => [m.id, m] as const))('the %s machine', (_id, machine: AnyStateMachine) => {
  const nodes = nodesOf(machine.root);

  test('names only actions it has, and has only actions it names', () => {
    const used = nodes.flatMap((node) => [
      ...node.entry,
      ...node.exit,
      ...transitionsOf(node).flatMap(({ actions }) => actions),
    ]);
    expect(names(used)).toEqual(Object.keys(machine.implementations.actions).sort());
  });

  test('names only guards it has, and has only guards it names', () => {
    const used = nodes.flatMap((node) =>
      transitionsOf(node).flatMap(({ guard }) => (guard === undefined ? [] : [guard])),
    );
    expect(names(used)).toEqual(Object.keys(machine.implementations.guards).sort());
  });

  test('says of every state what it means', () => {
    const silent = nodes.filter(
      (node) => node !== machine.root && node.type !== 'compound' && node.description === undefined,
    );
    expect(silent.map(({ path }) => path.join('.'))).toEqual([]);
  });
});

function nodesOf(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap((child: AnyStateNode) => nodesOf(child))];
}

const transitionsOf = (node: AnyStateNode) => [...[...node.transitions.values()].flat(), ...(node.always ?? [])];

/** Named things in use, without the timers XState adds by itself. */
function names(things: readonly unknown[]): string[] {
  const named = things.flatMap((thing) => {
    const name = typeof thing === 'string' ? thing : (thing as { type?: string }).type;
    return name === undefined || name.startsWith('xstate.') ? [] : [name];
  });
  return [...new Set(named)].sort();
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}

function linesOf(path: string): number {
  return read(path).split('\n').length;
}
