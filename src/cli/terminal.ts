/** Where a command line runs: the process's own streams and environment, or a test's. */
export interface Terminal {
  readonly stdout: Stream;
  readonly stderr: Stream;
  /** Where keys come from, when somebody may press some. */
  readonly stdin?: KeyStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Stream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

export interface KeyStream {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  once(event: 'data', listener: (bytes: Buffer) => void): unknown;
  off(event: 'data', listener: (bytes: Buffer) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}
