import { OPENED } from './protocol.js';
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
 * INVARIANTS
 * - One request at a time, in order: nothing is closed under a round that still runs.
 * - Whatever ends the benchmark, `close` is called: a Runner leaves no process and no segment behind.
 *
 * @param open gets the options of the side's specification, which travel as an argument
 */
export function serveSide<Options>(open: (options: Options) => Promise<SideProgram>): void {
  const opened = open(JSON.parse(process.argv[2] ?? '{}') as Options);
  let isClosed = false;

  const serve = async (request: Request): Promise<Numbers> => {
    const program = await opened;
    switch (request.do) {
      case 'round':
        return program.round(request.size);
      case 'facts':
        return (await program.facts?.()) ?? {};
      case 'close':
        if (!isClosed) await program.close?.();
        isClosed = true;
        return {};
    }
  };
  let last = answer(OPENED, () => opened.then(() => ({})));
  const inTurn = (request: Request): Promise<void> =>
    (last = last.then(() => answer(request.id, () => serve(request))));

  process.on('message', (request: Request) => {
    void inTurn(request).then(() => request.do === 'close' && process.connected && process.disconnect());
  });
  process.once('disconnect', () => void inTurn({ id: -1, do: 'close' }).then(() => process.exit()));
  // Ctrl-C reaches the whole process group; the benchmark decides what becomes of its sides.
  process.on('SIGINT', () => undefined);
}

async function answer(to: number, work: () => Promise<Numbers>): Promise<void> {
  const reply = (message: Reply): void => void (process.connected && process.send?.(message));
  try {
    reply({ to, numbers: await work() });
  } catch (error) {
    reply({ to, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
