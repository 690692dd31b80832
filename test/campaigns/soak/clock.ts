/** Milliseconds of the machine's monotonic clock, which the algorithms' processes read too. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;
