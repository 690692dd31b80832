/** Why a text is not the JSON we accept, and where. Lines and columns count from 1. */
export class JsonProblem extends Error {
  override readonly name = 'JsonProblem';

  constructor(
    readonly problem: string,
    readonly pointer: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(`line ${line}, column ${column}: ${problem}`);
  }
}

/** Line and column of an offset into a text. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
}
