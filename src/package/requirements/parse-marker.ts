import { own } from '../../../machines/own.js';
import { MARKER_OPERATORS, MARKER_VARIABLES } from './marker.js';
import type { Marker, MarkerOperand, MarkerOperator, MarkerVariable } from './marker.js';

/** How markers of old packages spell them. */
const OLD_SPELLINGS: Readonly<Record<string, MarkerVariable>> = {
  'os.name': 'os_name',
  'sys.platform': 'sys_platform',
  'platform.version': 'platform_version',
  'platform.machine': 'platform_machine',
  'platform.python_implementation': 'platform_python_implementation',
  python_implementation: 'platform_python_implementation',
};

const TOKEN = /\s*(?:(\(|\))|(not\s+in\b|in\b|===|==|~=|!=|<=|>=|<|>)|'([^']*)'|"([^"]*)"|([A-Za-z_][A-Za-z0-9_.]*))/y;
const DEPTH_MAX = 20;

type Token =
  | { readonly kind: 'bracket' | 'operator' | 'word'; readonly text: string }
  | { readonly kind: 'literal'; readonly text: string };

/** Undefined for what is not a marker of PEP 508. */
export function parseMarker(text: string): Marker | undefined {
  const tokens = tokenise(text);
  if (tokens === undefined) return undefined;
  let at = 0;
  const marker = either(0);
  return at === tokens.length ? marker : undefined;

  function either(depth: number): Marker | undefined {
    return chain('or', () => chain('and', () => atom(depth)));
  }

  function chain(kind: 'and' | 'or', next: () => Marker | undefined): Marker | undefined {
    let left = next();
    while (left !== undefined && isWord(kind)) {
      at += 1;
      const right = next();
      left = right === undefined ? undefined : { kind, left, right };
    }
    return left;
  }

  function atom(depth: number): Marker | undefined {
    if (!isBracket('(')) return comparison();
    if (depth === DEPTH_MAX) return undefined;
    at += 1;
    const inner = either(depth + 1);
    if (!isBracket(')')) return undefined;
    at += 1;
    return inner;
  }

  function comparison(): Marker | undefined {
    const [left, operator, right] = [operand(tokens?.[at]), operatorOf(tokens?.[at + 1]), operand(tokens?.[at + 2])];
    if (left === undefined || operator === undefined || right === undefined) return undefined;
    at += 3;
    return { kind: 'compare', left, operator, right };
  }

  function isWord(word: string): boolean {
    const token = tokens?.[at];
    return token?.kind === 'word' && token.text === word;
  }

  function isBracket(bracket: string): boolean {
    const token = tokens?.[at];
    return token?.kind === 'bracket' && token.text === bracket;
  }
}

function tokenise(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const found = TOKEN.exec(source);
    if (found === null) return undefined;
    const [, bracket, operator, single, double, word] = found;
    if (bracket !== undefined) tokens.push({ kind: 'bracket', text: bracket });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator.replace(/\s+/, ' ') });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'literal', text: single ?? double ?? '' });
  }
  return tokens;
}

function operand(token: Token | undefined): MarkerOperand | undefined {
  if (token?.kind === 'literal') return { literal: token.text };
  if (token?.kind !== 'word') return undefined;
  const variable = own(OLD_SPELLINGS, token.text) ?? token.text;
  if (variable === 'extra' || isVariable(variable)) return { variable };
  return undefined;
}

const isVariable = (text: string): text is MarkerVariable => (MARKER_VARIABLES as readonly string[]).includes(text);

function operatorOf(token: Token | undefined): MarkerOperator | undefined {
  return token?.kind === 'operator' ? MARKER_OPERATORS.find((operator) => operator === token.text) : undefined;
}
