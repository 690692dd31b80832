const SHOWN_CHARACTERS = 60;

/** A value for a message: JSON, cut where it gets long. */
export function show(value: unknown): string {
  const text = jsonOf(value) ?? `something that is not JSON (${typeof value})`;
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

/** Undefined for what JSON cannot say: functions, loops, big integers, objects whose toJSON throws. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
