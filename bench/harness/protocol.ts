/** What the benchmark and the process of one side say to each other, over Node's IPC channel. */

/** Named numbers: what one round measured, or facts about the whole side. */
export type Numbers = Readonly<Record<string, number>>;

export type Request =
  { readonly do: 'round'; readonly size: number } | { readonly do: 'facts' } | { readonly do: 'close' };

/** The answer to a request, or to having been started. */
export type Reply = { readonly numbers: Numbers } | { readonly failed: string };
