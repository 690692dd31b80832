import { describe, expect, it } from 'vitest';
import { hasTag, MACHINES } from '../../machines/index.js';
import { DAILY } from '../../src/causes/daily-work.js';
import { nextEvents, nextInRun, whyActor, whyInRun } from '../../src/causes/index.js';
import { readTrace, walkTrace } from '../../src/trace/index.js';
import { historyFile, historyNames } from '../replay/recorded/support/histories.js';

const said = <T>(report: Promise<T>): Promise<unknown> => report.catch((error: unknown) => String(error));

describe('the quick way to ask a trace, which passes over daily work', () => {
  it.each(historyNames())('answers for every actor of %s as when every record is stepped', async (name) => {
    const file = historyFile(name);
    const actors = new Set<string>();
    for await (const { actor } of readTrace(file)) actors.add(actor);
    expect(actors.size).toBeGreaterThan(1);
    for (const actor of actors) {
      const why = await said(whyActor(walkTrace(file), actor));
      expect(await said(whyInRun([file], actor))).toEqual(why);
      expect(await said(whyInRun([file], actor, { wholeBytesMax: 0 }))).toEqual(why);
      expect(await said(nextInRun([file], actor))).toEqual(await said(nextEvents(walkTrace(file), actor)));
    }
  });
});

describe('what counts as daily work', () => {
  it('is named as the machines name it', () => {
    for (const [id, { states, idle, events }] of Object.entries(DAILY)) {
      const machine = MACHINES.find((known) => known.id === id);
      expect(hasTag(id, idle, states)).toBe(true);
      const handled = new Set(machine?.events);
      for (const event of eventsIn(events)) expect([...handled]).toContain(event);
    }
  });
});

/** `^call\.(requested|settled)$` names two; a pattern that names none says which are not. */
function eventsIn({ source }: RegExp): readonly string[] {
  if (source.startsWith('^(?!')) return [];
  const alternatives = (text: string): string[] => {
    const group = /^(.*?)\(([^()]*)\)(.*)$/.exec(text);
    if (group === null) return text.split('|');
    const [, before = '', within = '', after = ''] = group;
    return within.split('|').flatMap((one) => alternatives(`${before}${one}${after}`));
  };
  const bare = source.replace(/^\^|\$$/g, '').replaceAll('\\.', '.');
  const nested = /^\((.*)\)$/.exec(bare)?.[1] ?? bare;
  return nested.split(/\|(?![^(]*\))/).flatMap(alternatives);
}
