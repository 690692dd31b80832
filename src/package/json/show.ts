const SHOWN_CHARACTERS = 60;
const SHOWN_ENTRIES = 10;
const SHOWN_DEPTH = 3;
const SHOWN_CHOICES = 20;

/** A value for a message: JSON, cut where it gets long. */
export function show(value: unknown): string {
  const text = jsonOf(value) ?? `something that is not JSON (${typeof value})`;
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

/** What may be chosen, the first of many. */
export function showChoices(choices: readonly unknown[], say: (choice: unknown) => string = show): string {
  const more = choices.length > SHOWN_CHOICES ? `, … (${choices.length} in all)` : '';
  return `${choices.slice(0, SHOWN_CHOICES).map(say).join(', ')}${more}`;
}

/** Undefined for what JSON cannot say: functions, big integers, objects whose getters throw. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(beginningOf(value, SHOWN_DEPTH));
  } catch {
    return undefined;
  }
}

/** As much of a value as can be seen in the end, so that a large one costs no more than a small one. */
function beginningOf(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.slice(0, SHOWN_CHARACTERS + 1);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return Array.isArray(value) ? ['…'] : { '…': '…' };
  if (Array.isArray(value)) return value.slice(0, SHOWN_ENTRIES).map((each) => beginningOf(each, depth - 1));
  const entries = Object.entries(value).slice(0, SHOWN_ENTRIES);
  return Object.fromEntries(
    entries.map(([key, each]) => [key.slice(0, SHOWN_CHARACTERS), beginningOf(each, depth - 1)]),
  );
}
