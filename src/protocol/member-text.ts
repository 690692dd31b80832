/**
 * The text of one member of a JSON object, as it stands in the frame: what is only handed on is not read, so nothing of
 * it can change (integers of any size, floats that are whole, the order of keys).
 */
const [QUOTE, BACKSLASH, COLON, COMMA] = [...Buffer.from('"\\:,')] as [number, number, number, number];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [...Buffer.from('[]{}')] as [number, number, number, number];

/**
 * @param body valid JSON, an object
 * @returns the value's text; of several members of that name the last one's, as everywhere; null when there is none
 */
export function memberText(body: Buffer, name: string): string | null {
  let found: string | null = null;
  let levels = 0;
  let key = '';
  let startsAt = 0;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (byte === QUOTE) {
      const end = endOfText(body, at);
      if (levels === 1) key = body.toString('utf8', at, end + 1);
      at = end;
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) levels += 1;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) levels -= 1;
    else if (byte === COLON && levels === 1) {
      startsAt = JSON.parse(key) === name ? at + 1 : 0;
      key = '';
    }
    const isOver = (byte === COMMA && levels === 1) || levels === 0;
    if (isOver && startsAt > 0) {
      found = body.toString('utf8', startsAt, at).trim();
      startsAt = 0;
    }
  }
  return found;
}

/** @returns the place of the quote that ends the text */
export function endOfText(body: Buffer, opensAt: number): number {
  let at = body.indexOf(QUOTE, opensAt + 1);
  while (isEscaped(body, at)) at = body.indexOf(QUOTE, at + 1);
  return at;
}

function isEscaped(body: Buffer, at: number): boolean {
  let first = at;
  while (body[first - 1] === BACKSLASH) first -= 1;
  return (at - first) % 2 === 1;
}
