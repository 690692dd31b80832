import { Script, createContext } from 'node:vm';

/** Tests a text; `undefined` when the pattern took too long to say. */
export type PatternTest = (text: string) => boolean | undefined;

/** Wall time: long enough that a busy machine does not look like a hostile pattern, twice over. */
const TEST_TIMEOUT_MS = 250;
const TEST_ATTEMPTS = 2;
const UNGUARDED_TEXT_LENGTH = 10_000;
const REPEATS = /[*+{]/g;

/**
 * A pattern from a manifest, made safe to run in the host: one that repeats more than once can take exponential time
 * (`(a+)+$`), so it runs under a time limit, which costs about 70 µs a test. A simpler one runs as it is.
 *
 * @throws SyntaxError for what is not an ECMAScript regular expression
 */
export function guardedPattern(source: string): PatternTest {
  const pattern = compile(source);
  const isSimple = (source.match(REPEATS)?.length ?? 0) <= 1 && !/\\[1-9k]/.test(source);
  let guarded: PatternTest | undefined;
  return (text) => {
    if (isSimple && text.length <= UNGUARDED_TEXT_LENGTH) return pattern.test(text);
    guarded ??= underTimeLimit(pattern);
    return guarded(text);
  };
}

/** JSON Schema asks for the `u` flag; patterns written without it in mind may need to go without. */
function compile(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    return new RegExp(source);
  }
}

function underTimeLimit(pattern: RegExp): PatternTest {
  const globals: { pattern: RegExp; text: string } = { pattern, text: '' };
  const context = createContext(globals);
  const script = new Script('pattern.test(text)');
  return (text) => {
    globals.text = text;
    for (let attempt = 0; attempt < TEST_ATTEMPTS; attempt += 1) {
      try {
        return script.runInContext(context, { timeout: TEST_TIMEOUT_MS }) as boolean;
      } catch {
        // Out of time.
      }
    }
    return undefined;
  };
}
