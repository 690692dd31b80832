/**
 * Ink to light, without colour management, as image libraries do by default: (255 − ink) × (255 − black) / 255.
 *
 * @param samples cyan, magenta, yellow, black; 255 is all ink
 */
export function cmykToRgb(samples: Uint8Array): Uint8Array {
  const data = new Uint8Array((samples.length / 4) * 3);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    const light = 255 - (samples[from + 3] as number);
    data[to] = Math.round(((255 - (samples[from] as number)) * light) / 255);
    data[to + 1] = Math.round(((255 - (samples[from + 1] as number)) * light) / 255);
    data[to + 2] = Math.round(((255 - (samples[from + 2] as number)) * light) / 255);
  }
  return data;
}
