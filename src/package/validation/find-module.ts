/**
 * The file a Python module would be imported from: source, byte code or a compiled extension, alone or as a package.
 *
 * @param runsItself started with `python -m`: a package then needs `__main__`
 */
export function findModule(module: string, files: ReadonlySet<string>, runsItself: boolean): string | undefined {
  const path = module.replaceAll('.', '/');
  const stems = [path, `${path}/${runsItself ? '__main__' : '__init__'}`];
  for (const stem of stems) {
    const plain = ['.py', '.pyc'].map((ending) => stem + ending).find((file) => files.has(file));
    if (plain !== undefined) return plain;
    for (const file of files) {
      if (file.startsWith(`${stem}.`) && COMPILED.test(file.slice(stem.length))) return file;
    }
  }
  return undefined;
}

/** `.cpython-311-x86_64-linux-gnu.so`, `.abi3.so`, `.so`, `.pyd` */
const COMPILED = /^(\.[A-Za-z0-9_-]+)?\.(so|pyd)$/;
