import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** A host can name every type it gets or gives: what a public signature mentions is exported beside it. */
const BUILD = fileURLToPath(new URL('../../../dist/', import.meta.url));

const ENTRIES = [
  'src/index.d.ts',
  'src/api/trace.d.ts',
  'src/api/diagrams.d.ts',
  'src/api/package.d.ts',
  'machines/index.d.ts',
  'src/testing/index.d.ts',
];

describe.each(ENTRIES)('%s', (entry) => {
  // What is missing goes into src/api/library-types.ts, when few hosts need its name.
  it('mentions only types that an entry exports', { timeout: 120_000 }, () => {
    expect(unnamed(`${BUILD}${entry}`)).toEqual([]);
  });
});

function unnamed(entry: string): readonly string[] {
  const program = ts.createProgram(
    ENTRIES.map((it) => `${BUILD}${it}`),
    {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      types: [],
    },
  );
  const checker = program.getTypeChecker();
  const exportsOf = (file: string): ts.Symbol[] => {
    const source = program.getSourceFile(file);
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${file} is no module`);
    return checker.getExportsOfModule(module);
  };
  const meant = (symbol: ts.Symbol): ts.Symbol =>
    (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
  const exported = new Set(ENTRIES.flatMap((it) => exportsOf(`${BUILD}${it}`)).map(meant));
  const missing = new Set<string>();
  for (const one of exportsOf(entry))
    for (const declaration of meant(one).declarations ?? []) visit(declaration, isTypeOnly(one), one.name);
  return [...missing].sort();

  function visit(node: ts.Node, typeOnly: boolean, of: string): void {
    // Nobody outside can make one.
    if (typeOnly && ts.isConstructorDeclaration(node)) return;
    const name = namedIn(node);
    const symbol = name === undefined ? undefined : checker.getSymbolAtLocation(name);
    if (symbol !== undefined) judge(meant(symbol), of);
    ts.forEachChild(node, (child) => visit(child, typeOnly, of));
  }

  function judge(symbol: ts.Symbol, of: string): void {
    const file = symbol.declarations?.[0]?.getSourceFile().fileName;
    const isOurs = file?.startsWith(BUILD) === true && (symbol.flags & ts.SymbolFlags.TypeParameter) === 0;
    if (isOurs && !exported.has(symbol)) missing.add(`${file.slice(BUILD.length)} ${symbol.name}, of ${of}`);
  }
}

function namedIn(node: ts.Node): ts.Node | undefined {
  if (ts.isTypeReferenceNode(node)) return node.typeName;
  if (ts.isExpressionWithTypeArguments(node)) return node.expression;
  return ts.isImportTypeNode(node) && !node.isTypeOf ? node.qualifier : undefined;
}

/** Also through `export type *`, whose names have no specifier of their own in the entry. */
function isTypeOnly({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some((it) => ts.isExportSpecifier(it) && (it.isTypeOnly || it.parent.parent.isTypeOnly));
}
