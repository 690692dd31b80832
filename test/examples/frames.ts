/** Just enough of contract §4's frames to speak to one algorithm: 4-byte big-endian length, then JSON. */
export type Message = Readonly<Record<string, unknown>> & { readonly type: string };

export function encodeFrame(message: Message): Buffer {
  const payload = Buffer.from(JSON.stringify(message));
  const frame = Buffer.alloc(4 + payload.length);
  frame.writeUInt32BE(payload.length);
  payload.copy(frame, 4);
  return frame;
}

export class FrameReader {
  #pending = Buffer.alloc(0);

  /** The messages that `chunk` completes. */
  *read(chunk: Buffer): Generator<Message> {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    while (this.#pending.length >= 4) {
      const end = 4 + this.#pending.readUInt32BE();
      if (this.#pending.length < end) return;
      const message = JSON.parse(this.#pending.toString('utf8', 4, end)) as Message;
      this.#pending = this.#pending.subarray(end);
      yield message;
    }
  }
}
