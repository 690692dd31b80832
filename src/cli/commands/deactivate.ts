import type { ChangeReport } from '../../api/results.js';
import { wireChange } from '../../api/wire/change.js';
import { CLI } from '../cli.js';
import { resultCommand } from '../command.js';

export const deactivate = resultCommand<[pids: readonly string[]], object, ChangeReport>({
  arguments: [['<pid...>', 'product ids, as `procvision ls` shows them']],

  run: (context, [pids]) => context.withRunner((api) => api.deactivate([...new Set(pids)], CLI)),

  json: wireChange,

  show({ pids, from }) {
    const was = new Map(Object.entries(from));
    const [first] = pids.flatMap((pid) => was.get(pid) ?? []);
    return {
      lines: pids.map((pid) => {
        const release = was.get(pid) ?? null;
        return `${pid} is not bound any more${release === null ? '' : ` (was ${release})`}`;
      }),
      next: first === undefined ? ['ls'] : ['stop', first],
    };
  },
});
