import { describe, expect, test } from 'vitest';
import type { AnyStateNode } from 'xstate';
import { MACHINES } from '../../machines/index.js';
import { sentenceOf } from '../../src/causes/sentences.js';
import { knownActor } from '../../src/causes/known-actor.js';
import { recordsOf } from './support/by-hand.js';

const nodesOf = (node: AnyStateNode): AnyStateNode[] => [
  node,
  ...Object.values(node.states).flatMap((child: AnyStateNode) => nodesOf(child)),
];

/** Events that lead somewhere, by machine. */
const MOVING = MACHINES.flatMap(({ id, root }) => {
  const events = nodesOf(root).flatMap((node) =>
    [...node.transitions].flatMap(([event, all]) => (all.some(({ target }) => target !== undefined) ? [event] : [])),
  );
  return [...new Set(events)].map((event) => [id, event] as const);
});

describe('a sentence', () => {
  test('there is one in plain words for every event that leads somewhere', () => {
    expect(MOVING.length).toBeGreaterThan(60);
    const wordless = MOVING.filter(([machine, event]) => {
      const [record] = recordsOf({ actor: 'x', machine, event, before: 'A', after: 'B' });
      return record === undefined || /^it got /.test(sentenceOf(record));
    });
    expect(wordless).toEqual([]);
  });

  test('says that no restart is left, where none is', () => {
    const said = (after: string, fault: unknown): string => {
      const [record] = recordsOf({ actor: 'package/x@1', event: 'process.ended', after, data: { slot: 1, fault } });
      return record === undefined ? '' : sentenceOf(record);
    };
    expect(said('Running.Restarting', { message: 'gone' })).toBe('its process 2 was lost');
    expect(said('Stopped.Recording', { message: 'gone' })).toBe(
      'its process 2 was lost, and it is not to be started again',
    );
    expect(said('Stopped.Recording', null)).toBe('its process 2 had left, as it was asked to');
  });

  test('that knows nothing of an event names it', () => {
    const [record] = recordsOf({ actor: 'runner', event: 'of.tomorrow' });
    expect(record && sentenceOf(record)).toBe('it got of.tomorrow');
  });
});

describe('an actor is meant by', () => {
  const ACTORS = ['runner', 'package/x@1.0.0', 'package/x@1.0.0/process/1', 'route/A01', 'changeover/A01', 'route/1'];
  test.each([
    ['its path', 'package/x@1.0.0/process/1', 'package/x@1.0.0/process/1'],
    ['its release', 'x@1.0.0', 'package/x@1.0.0'],
    ['its PID, which is its route and not a change of it', 'A01', 'route/A01'],
    ['the end of no process', '1', 'route/1'],
  ])('%s', (_what, wanted, path) => {
    expect(knownActor(wanted, ACTORS)).toBe(path);
  });

  test('nothing that is not there', () => {
    expect(() => knownActor('x@1', ACTORS)).toThrow('"x@1" is no actor of this trace.');
    expect(() => knownActor('B', ['package/B', 'route/B'])).toThrow('"B" may be package/B or route/B.');
  });
});
