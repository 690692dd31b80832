import { FramedClient } from '../harness/framed-client.js';
import type { FramedProcess } from '../harness/framed-client.js';
import { serveSide } from '../harness/serve-side.js';
import { timeEach } from '../harness/timing.js';

/** Calls to a process without a Runner: the floors, and the SDK's adapter by itself. */
serveSide<FramedProcess>(async (options) => {
  const client = await FramedClient.start(options);
  return {
    round: (size) => timeEach(size, () => client.call()),
    close: () => client.close(),
  };
});
