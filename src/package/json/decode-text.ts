import { utf8Text } from '../../base/text/index.js';
import { JsonProblem, placeOf } from './json-problem.js';

/**
 * UTF-8 text with or without a byte order mark; anything else is refused with its place.
 *
 * @throws JsonProblem
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new JsonProblem('the file is UTF-16; save it as UTF-8', '', 1, 1);
  }
  const text = utf8Text(bytes);
  if (text !== undefined) return text;
  const before = decodePrefix(bytes.subarray(0, firstInvalidByte(bytes))) ?? '';
  const { line, column } = placeOf(before, before.length);
  throw new JsonProblem('the bytes here are not UTF-8; save the file as UTF-8', '', line, column);
}

/** The longest prefix that decodes, found by halving: the decoder itself does not tell where it stopped. */
function firstInvalidByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodePrefix(bytes.subarray(0, middle)) !== undefined) good = middle;
    else bad = middle;
  }
  return good;
}

/** The whole characters of a beginning, its last one may be unfinished; undefined when it is no beginning of UTF-8. */
function decodePrefix(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}
