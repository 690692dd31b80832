/** Keeps the last bytes of a stream, whatever passes through. */
export class Tail {
  #chunks: Buffer[] = [];
  #bytes = 0;
  #isCut = false;

  constructor(private readonly bytesMax: number) {}

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes - (this.#chunks[0]?.length ?? 0) >= this.bytesMax) {
      this.#bytes -= this.#chunks.shift()?.length ?? 0;
      this.#isCut = true;
    }
  }

  /** At most `bytesMax` bytes as text; a cut beginning is marked. */
  text(): string {
    const all = Buffer.concat(this.#chunks);
    const kept = all.subarray(Math.max(0, all.length - this.bytesMax));
    const isCut = this.#isCut || kept.length < all.length;
    return `${isCut ? '…' : ''}${kept.toString('utf8')}`;
  }
}
