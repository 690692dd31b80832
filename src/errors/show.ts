/**
 * Foreign values, quoted for people. An algorithm may send anything: a value nested too deep to be written, or a text of
 * a megabyte, must not become an exception or a message of that size.
 */
const CHARACTERS_MAX = 200;

/** As JSON, cut to a line. */
export function showValue(value: unknown, charactersMax: number = CHARACTERS_MAX): string {
  let text: string;
  try {
    text = JSON.stringify(value) ?? 'nothing';
  } catch {
    return '(nested too deep to show)';
  }
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax)}… (${text.length} characters)`;
}

/** The value itself where it is small enough to be kept, else what can be shown of it. */
export function keepable(value: unknown, charactersMax: number): unknown {
  try {
    const text = JSON.stringify(value);
    if (text !== undefined && text.length <= charactersMax) return value;
  } catch {
    // Too deep: shown below.
  }
  return { cut: showValue(value, charactersMax) };
}
