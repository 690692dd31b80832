import { Option } from 'commander';
import { storeLayout } from '../../api/store.js';
import { requireRelease, RELEASE } from '../arguments.js';
import { CLI } from '../cli.js';
import { resultCommand } from '../command.js';
import { shownPath } from '../shown-path.js';

interface Data {
  readonly release: string;
  /** The original package, which stays. */
  readonly zip: string | null;
  /** Product ids that were bound to it. */
  readonly unbound: readonly string[];
}

export const uninstall = resultCommand<[release: string], { readonly force?: boolean }, Data>({
  arguments: [RELEASE],
  options: [new Option('--force', 'unbind its product ids first, and wait for calls under way')],

  async run(context, [text], { force = false }) {
    const release = requireRelease(text);
    return context.withRunner(async (api) => {
      const view = (await api.list()).releases.find((each) => each.release === release);
      context.progress(`removing ${release}`);
      await api.uninstall(release, { ...CLI, force });
      const zip = view === undefined ? null : storeLayout(context.store).zip(view.zip);
      return { release, zip, unbound: view?.routedPids ?? [] };
    });
  },

  json: ({ release, zip, unbound }) => ({ release, zip, unbound }),

  show: ({ release, zip, unbound }) => ({
    lines: [...unbound.map((pid) => `${pid} is not bound any more (was ${release})`), `${release} is uninstalled`],
    notes: zip === null ? [] : [`its package stays at ${shownPath(zip)}; no scan deploys it again`],
    next: ['ls'],
  }),
});
