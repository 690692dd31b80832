/*
 * What a wheel may not bring, because it would act outside the distribution's own modules: start-up hooks that run in
 * every interpreter of the environment (even under `python -I`), and files that replace the interpreter or its setup.
 */

const STARTUP_MODULE = /^(site|user)customize($|\.)/;
const INTERPRETER = /^(python|pypy)[0-9.]*[tw]?(\.exe)?$/i;
const ACTIVATION = /^activate($|[._])/i;

/** The one start-up file everybody meets: setuptools' shim for distutils, which newer frameworks depend on. */
const KNOWN_PTH: Readonly<Record<string, string>> = { setuptools: 'distutils-precedence.pth' };

/**
 * Why a file of a wheel is refused; undefined for an ordinary one.
 *
 * @param key the distribution, as names compare
 */
export function forbiddenReason(path: string, key: string): string | undefined {
  const [top = '', scheme, ...rest] = path.split('/');
  if (!top.endsWith('.data') || scheme === undefined) return modulesReason(path, key);
  const target = rest.join('/');
  switch (scheme) {
    case 'purelib':
    case 'platlib':
      return modulesReason(target, key);
    case 'scripts':
      return isReservedScript(target) ? 'would replace the interpreter or its activation' : undefined;
    case 'data':
      return dataReason(target);
  }
  return undefined;
}

/** Scripts also come by name only, from entry_points.txt. */
export const isReservedScript = (name: string): boolean => INTERPRETER.test(name) || ACTIVATION.test(name);

function modulesReason(path: string, key: string): string | undefined {
  const [top = '', ...rest] = path.split('/');
  if (STARTUP_MODULE.test(top)) return 'would run in every interpreter at its start';
  const isPth = rest.length === 0 && top.toLowerCase().endsWith('.pth');
  return isPth && KNOWN_PTH[key] !== top ? 'would run in every interpreter at its start' : undefined;
}

/** The `data` scheme lands in the root of the environment. */
function dataReason(path: string): string | undefined {
  const [top = '', name = ''] = path.split('/');
  if (path.toLowerCase() === 'pyvenv.cfg') return 'would replace the setup of the environment';
  const isScript = /^(bin|scripts)$/i.test(top) && isReservedScript(name);
  if (isScript) return 'would replace the interpreter or its activation';
  const isLibrary = /^lib(64)?$/i.test(top) && /^(python[0-9.]*t?|site-packages)$/i.test(name);
  return isLibrary ? 'would write among the modules behind the installer’s back' : undefined;
}
