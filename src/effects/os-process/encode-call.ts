import { encodeText } from '../../protocol/index.js';

/** The frame of a call, or in words why there can be none: what callers put into it is theirs. */
export function encodeCall(write: () => string, frameBytesMax: number): Buffer | string {
  let frame: Buffer;
  try {
    frame = encodeText(write());
  } catch {
    return 'The call cannot be written as JSON.'; // a cycle, or values nested too deep
  }
  if (frame.length <= frameBytesMax) return frame;
  return `The call would be a frame of ${frame.length} bytes; the cap is ${frameBytesMax}.`;
}
