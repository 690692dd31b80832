import { describe, expect, test } from 'vitest';
import { fallsShort, goesOn, takeUp, wantedOf } from '../../machines/take-up.js';
import type { HandedIn } from '../../machines/take-up.js';

const handed = (more: Partial<HandedIn> = {}): HandedIn => ({
  standing: undefined,
  known: 'not',
  isAsked: true,
  target: 'Running',
  ...more,
});
const at = (state: NonNullable<HandedIn['standing']>['state'], resting = true) => ({ state, resting });

describe('a zip that is handed in', () => {
  test('becomes a release when there is none of its name and version', () => {
    expect(takeUp(handed())).toEqual({ outcome: 'taken', isNew: true, next: 'find' });
  });

  test('does not take the place of a release with other content', () => {
    expect(takeUp(handed({ standing: at('Deployed'), known: 'other_content' }))).toEqual({ outcome: 'conflict' });
  });

  test('takes the place of a refused one when somebody asks, not in a scan', () => {
    const refused = { standing: at('Invalid'), known: 'other_content' } as const;
    expect(takeUp(handed(refused))).toEqual({ outcome: 'taken', isNew: true, next: 'recheck' });
    expect(takeUp(handed({ ...refused, isAsked: false }))).toEqual({ outcome: 'conflict' });
  });

  test('waits while the refusal is being written down', () => {
    const standing = at('Invalid', false);
    expect(takeUp(handed({ standing, known: 'same_content' }))).toMatchObject({ isNew: false, next: null });
  });

  test.each([
    ['Discovered', 'Running', 'deploy'],
    ['Validated', 'Deployed', 'deploy'],
    ['Deployed', 'Running', 'start'],
    ['Stopped', 'Running', 'start'],
    ['Executing', 'Running', 'start'],
    ['Deployed', 'Deployed', null],
  ] as const)('again, of a release that is %s and is to be %s: %s', (state, target, next) => {
    expect(takeUp(handed({ standing: at(state), known: 'same_content', target }))).toMatchObject({ next });
  });
});

test('a release left Validated goes on by itself where zips are deployed by themselves', () => {
  expect([goesOn(at('Validated'), true), goesOn(at('Validated'), false)]).toEqual([true, false]);
  expect([goesOn(at('Validated', false), true), goesOn(at('Deployed'), true)]).toEqual([false, false]);
});

test('an installation falls short when it ends Invalid, not ready, or Validated only', () => {
  expect(fallsShort({ state: 'Invalid', ready: false }, 'Validated')).toBe(true);
  expect(fallsShort({ state: 'Stopped', ready: false }, 'Running')).toBe(true);
  expect(fallsShort({ state: 'Validated', ready: false }, 'Deployed')).toBe(true);
  expect(fallsShort({ state: 'Running', ready: true }, 'Running')).toBe(false);
  expect(fallsShort({ state: 'Deployed', ready: false }, 'Deployed')).toBe(false);
});

test('a deployment found on the disk is wanted running when a PID is bound to it', () => {
  expect([wantedOf('a@1.0.0', ['a@1.0.0']), wantedOf('a@1.0.0', [])]).toEqual(['running', 'stopped']);
});
