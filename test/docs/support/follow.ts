import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ShownCommand } from './shell-blocks.js';
import { expectShown, Workplace } from './workplace.js';

/** For tests of each of them. */
export const titled = (commands: readonly ShownCommand[]) =>
  commands.map((each) => [`${each.document}:${each.line} ${each.command.replace(/ +#.*/, '')}`, each] as const);

/** Tests: each command is the next step in the same folder, and does what is shown. */
export function follow(commands: readonly ShownCommand[], prepare: (place: Workplace) => void = () => undefined): void {
  const place = new Workplace();
  beforeAll(() => prepare(place));
  afterAll(() => place.remove());

  it('has commands', () => {
    expect(commands.length).toBeGreaterThan(0);
  });

  it.each(titled(commands))('does what is shown: %s', async (_, { command, shown }) => {
    const { code, printed } = await place.run(command);
    expect({ code, printed: code === 0 ? '' : printed }).toEqual({ code: 0, printed: '' });
    if (shown?.some((line) => line !== '') === true) expectShown(printed, shown);
  });
}
