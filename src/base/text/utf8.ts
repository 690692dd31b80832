const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BYTE_ORDER_MARK = '\ufeff';

/** Bytes as the text they are in UTF-8, a byte order mark included; undefined where they are something else. */
export function utf8Whole(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The same without the byte order mark that an editor may have put in front. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  const text = utf8Whole(bytes);
  return text?.startsWith(BYTE_ORDER_MARK) === true ? text.slice(1) : text;
}
