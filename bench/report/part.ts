/** A function as the profiler names it. */
export interface Frame {
  readonly functionName: string;
  readonly url: string;
}

const PARTS: readonly (readonly [RegExp, string])[] = [
  [/node_modules\/xstate\//, 'xstate'],
  [/node_modules\/([^/]+)\//, 'other packages'],
  [/dist\/machines\//, 'machines'],
  [/dist\/src\/(\w+)\//, 'src/$1'],
  [/dist\/bench\//, 'bench'],
  [/^node:/, 'node (streams, pipes)'],
];

/** The part of the program a function belongs to; V8's own entries keep their names: `(idle)`, `(garbage collector)`. */
export function partOf({ functionName, url }: Frame): string {
  for (const [pattern, part] of PARTS) {
    const found = pattern.exec(url);
    if (found !== null) return part.replace('$1', found[1] ?? '');
  }
  return functionName.startsWith('(') ? functionName : 'V8 and Node natives';
}
