/** What the benchmark and the process of one side say to each other, over Node's IPC channel. */

/** Named numbers: what one round measured, or facts about the whole side. */
export type Numbers = Readonly<Record<string, number>>;

export type Request = { readonly id: number } & (
  { readonly do: 'round'; readonly size: number } | { readonly do: 'facts' } | { readonly do: 'close' }
);

/** The answer to a request, or, with OPENED, to having been started. */
export type Reply = { readonly to: number } & ({ readonly numbers: Numbers } | { readonly failed: string });

export const OPENED = 0;
