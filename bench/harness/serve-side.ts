import type { Numbers, Reply, Request } from './protocol.js';

/** One side of a comparison, in a process of its own: opened once, warmed up, driven round by round. */
export interface SideProgram {
  /** @param size how often the thing measured is done in this round */
  round(size: number): Promise<Numbers>;
  facts?(): Promise<Numbers>;
  close?(): Promise<void>;
}

/**
 * Runs a side until it is told to close, or until the benchmark is gone.
 *
 * @param open gets the options of the side's specification, which travel as an argument
 */
export function serveSide<Options>(open: (options: Options) => Promise<SideProgram>): void {
  const reply = (message: Reply): void => void (process.connected && process.send?.(message));
  const opened = open(JSON.parse(process.argv[2] ?? '{}') as Options);

  const serve = async (request: Request): Promise<Numbers> => {
    const program = await opened;
    switch (request.do) {
      case 'round':
        return program.round(request.size);
      case 'facts':
        return (await program.facts?.()) ?? {};
      case 'close':
        await program.close?.();
        return {};
    }
  };
  const answer = (work: Promise<Numbers>): Promise<void> =>
    work.then(
      (numbers) => reply({ numbers }),
      (error: unknown) => reply({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );

  void answer(opened.then(() => ({})));
  process.on('message', (request: Request) => {
    void answer(serve(request)).then(() => {
      if (request.do === 'close') process.disconnect();
    });
  });
  process.once('disconnect', () => {
    // Without an answerer left there is nothing to stay for; a side that closed has nothing open either.
    void serve({ do: 'close' }).finally(() => process.exit());
  });
}
