/**
 * The one definition of what cannot be seen, or makes other text look like something else: control characters (terminal
 * escapes, line ends), marks that change the direction of writing, characters of no width, line and paragraph
 * separators, lone surrogates, tags, fillers.
 *
 * INVARIANTS
 * - What `visibleText` gives holds none of them, on one line; given again it stays as it is.
 * - A text without any of them is given back as it came.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/u;
const EVERY_INVISIBLE = new RegExp(INVISIBLE.source, 'gu');
const EVERY_INVISIBLE_IN_JSON = new RegExp(`(?!\\n)${INVISIBLE.source}`, 'gu');

/** Whether a text holds anything that a reader cannot see. */
export const hasInvisible = (text: string): boolean => INVISIBLE.test(text);

/** A text as a person may read it on a terminal: what cannot be seen stands as its escape, `\n`, `\u001b`, `\u202e`. */
export const visibleText = (text: string): string => text.replace(EVERY_INVISIBLE, escaped);

/** JSON as text, the same data to every reader, with nothing in it that a terminal would obey. */
export const visibleJson = (json: string): string => json.replace(EVERY_INVISIBLE_IN_JSON, unicodeEscaped);

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const escaped = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  return SHORT[character] ?? (code > 0xffff ? `\\u{${code.toString(16)}}` : unicodeEscaped(character));
};

/** JSON writes a character beyond the first 65,536 as two. */
function unicodeEscaped(character: string): string {
  let text = '';
  for (let i = 0; i < character.length; i++) text += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return text;
}
