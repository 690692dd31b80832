import { resultCommand } from '../command.js';

interface Unbound {
  readonly pid: string;
  /** Null: its route file could not be understood. */
  readonly release: string | null;
}

export const deactivate = resultCommand<[pids: readonly string[]], object, readonly Unbound[]>({
  arguments: [['<pid...>', 'product ids, as `procvision ls` shows them']],

  run: (context, [pids]) =>
    context.withRunner(async (runner) => {
      const { routes } = runner.list();
      const bound = new Map(routes.map(({ pid, release }) => [pid, release]));
      await runner.deactivate(pids);
      return [...new Set(pids)].map((pid) => ({ pid, release: bound.get(pid) ?? null }));
    }),

  json: (unbound) => unbound.map(({ pid, release }) => ({ pid, release })),

  show: (unbound) => ({
    lines: unbound.map(
      ({ pid, release }) => `${pid} is not bound any more${release === null ? '' : ` (was ${release})`}`,
    ),
    next: typeof unbound[0]?.release === 'string' ? ['stop', unbound[0].release] : ['ls'],
  }),
});
