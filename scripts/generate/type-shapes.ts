import ts from 'typescript';

/** What an event carries beside its type: `callId: number`. */
export interface Shape {
  readonly type: string;
  readonly fields: readonly string[];
}

/** What the types of the machines say, asked of the compiler. */
export interface TypeShapes {
  readonly events: ReadonlyMap<string, readonly Shape[]>;
  readonly reports: ReadonlyMap<string, readonly Shape[]>;
  readonly emitted: ReadonlyMap<string, readonly Shape[]>;
  /** By effect: what it is given, and what it answers. */
  readonly effects: ReadonlyMap<string, { readonly input: string; readonly output: string }>;
}

const TOLD = 'scripts/generate/told-types.ts';

/** @throws Error when the file cannot be read as TypeScript: it is run from the root of the project */
export function typeShapes(): TypeShapes {
  const program = ts.createProgram([TOLD], {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(TOLD);
  const symbol = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (symbol === undefined) throw new Error(`${TOLD} cannot be read`);
  const exported = new Map(
    checker.getExportsOfModule(symbol).map((one) => [one.name, checker.getDeclaredTypeOfSymbol(one)]),
  );

  const membersOf = (name: string): readonly (readonly [string, ts.Type])[] =>
    (exported.get(name)?.getProperties() ?? []).map((property) => [property.name, checker.getTypeOfSymbol(property)]);
  const shapesOf = (name: string): TypeShapes['events'] =>
    new Map(membersOf(name).map(([machine, union]) => [machine, alternatives(union).map(shapeOf)]));
  const alternatives = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type]);
  const shapeOf = (type: ts.Type): Shape => ({
    type: said(propertyOf(type, 'type')).replaceAll('"', ''),
    fields: type
      .getProperties()
      .filter(({ name }) => name !== 'type')
      .map((property) => fieldOf(property)),
  });
  const fieldOf = (property: ts.Symbol): string => {
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    return `${property.name}${optional ? '?' : ''}: ${said(checker.getTypeOfSymbol(property)).replace(/^undefined \| | \| undefined$/, '')}`;
  };
  const propertyOf = (type: ts.Type, name: string): ts.Type | undefined => {
    const property = checker.getPropertyOfType(type, name);
    return property === undefined ? undefined : checker.getTypeOfSymbol(property);
  };
  const said = (type: ts.Type | undefined): string =>
    type === undefined ? '' : inOrder(checker.typeToString(type, undefined, FLAGS).replace(/; }/g, ' }'));
  const effectOf = (type: ts.Type): { readonly input: string; readonly output: string } => ({
    input: said(propertyOf(type, 'input')),
    output: said(propertyOf(type, 'output')),
  });
  return {
    events: shapesOf('Events'),
    reports: shapesOf('Reports'),
    emitted: shapesOf('Emitted'),
    effects: new Map(membersOf('EffectTypes').map(([name, type]) => [name, effectOf(type)])),
  };
}

const FLAGS = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

/** The compiler lists words in the order in which it came by them, which other code may change. */
function inOrder(union: string): string {
  const words = union.split(' | ');
  return words.every((word) => /^"[^"]*"$/.test(word)) ? words.sort().join(' | ') : union;
}
