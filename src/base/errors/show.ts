/**
 * Foreign values, quoted for people. An algorithm may send anything: a value nested too deep to be written, or a text of
 * a megabyte, must not become an exception or a message of that size.
 */
const CHARACTERS_MAX = 200;

/** The beginning of a text that is too long for where it is shown, and how long it is. */
export function cutText(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  // Half of a pair of surrogates is no character.
  const end = /[\ud800-\udbff]/.test(text[charactersMax - 1] ?? '') ? charactersMax - 1 : charactersMax;
  return `${text.slice(0, end)}… (${text.length} characters)`;
}

/** As JSON, cut to a line. */
export function showValue(value: unknown, charactersMax: number = CHARACTERS_MAX): string {
  let text: string;
  try {
    text = JSON.stringify(value) ?? 'nothing';
  } catch {
    return '(nested too deep to show)';
  }
  return cutText(text, charactersMax);
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
