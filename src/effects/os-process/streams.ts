/** What of a stream the conversation writes to. */
export interface FrameSink {
  /** Bytes that were not taken yet. */
  readonly writableLength: number;
  write(frame: Buffer): unknown;
  on(event: 'error', listener: () => void): unknown;
}

/** What of a stream the conversation reads from. */
export interface FrameSource {
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
  on(event: 'error', listener: () => void): unknown;
}
