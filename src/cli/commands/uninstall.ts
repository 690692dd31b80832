import { storeLayout } from '../../index.js';
import { requireRelease, RELEASE } from '../arguments.js';
import { resultCommand } from '../command.js';
import { shownPath } from '../shown-path.js';

interface Data {
  readonly release: string;
  /** The original package, which stays. */
  readonly zip: string | null;
}

export const uninstall = resultCommand<[release: string], object, Data>({
  name: 'uninstall',
  summary: 'remove a release that no product id is bound to; its zip stays in the store',
  arguments: [RELEASE],

  async run(context, [text]) {
    const release = requireRelease(text);
    const zip = await context.withRunner(async (runner) => {
      const view = runner.list().releases.find((each) => each.release === release);
      await runner.uninstall(release);
      return view?.zip;
    });
    return { release, zip: zip === undefined ? null : storeLayout(context.store).zip(zip) };
  },

  json: ({ release, zip }) => ({ release, zip }),

  show: ({ release, zip }) => ({
    lines: [`${release} is uninstalled`],
    notes: zip === null ? [] : [`its package stays at ${shownPath(zip)}; no scan deploys it again`],
    next: ['ls'],
  }),
});
