import { whyProtected } from '../environment/protected-commands.js';

/*
 * What a wheel may not bring, because it would act outside the distribution's own modules: start-up hooks that run in
 * every interpreter of the environment, and files that replace the interpreter, its setup, or a command of the host.
 */

const STARTUP_MODULE = /^(site|user)customize($|\.)/i;
const AT_START = 'would run in every interpreter at its start';

/** Where an installer puts a file of a wheel: a scheme of the environment, and the path in it. */
interface Place {
  readonly scheme: string;
  readonly path: string;
}

/** `<name>.data/<scheme>/…` goes to that scheme, whatever the name; all else lies among the modules. */
function placeOf(path: string): Place {
  const [top = '', scheme = '', ...rest] = path.split('/');
  return top.endsWith('.data') ? { scheme, path: rest.join('/') } : { scheme: 'purelib', path };
}

/**
 * Why a file of a wheel is refused; undefined for an ordinary one.
 *
 * @param key the distribution, as names compare
 */
export function forbiddenReason(path: string, key: string): string | undefined {
  const { scheme, path: target } = placeOf(path);
  if (target === '') return 'no installer knows where to put';
  switch (scheme) {
    case 'purelib':
    case 'platlib':
      return STARTUP_MODULE.test(target.split('/')[0] ?? '') ? AT_START : undefined;
    case 'scripts':
      return forbiddenScript(target.split('/')[0] ?? '', key);
    case 'data':
      return dataReason(target, key);
    case 'headers':
      return undefined;
  }
  return 'no installer knows where to put';
}

/** The name of a start-up file among the modules, which is read before it is refused. */
export function startupFileOf(path: string): string | undefined {
  const { scheme, path: target } = placeOf(path);
  const isAmongModules = (scheme === 'purelib' || scheme === 'platlib') && !target.includes('/');
  return isAmongModules && target.toLowerCase().endsWith('.pth') ? target : undefined;
}

/** Scripts also come by name only, from entry_points.txt. The installer itself may bring its own. */
export function forbiddenScript(name: string, key: string): string | undefined {
  const isOwn = key === 'pip' && /^pip[\d.]*$/.test(name);
  return isOwn ? undefined : whyProtected(name);
}

const FOLDERS = /^(bin|scripts|lib|lib64|include|pyvenv\.cfg)$/i;

/** The `data` scheme lands in the root of the environment. */
function dataReason(path: string, key: string): string | undefined {
  const [top = '', name = ''] = path.split('/');
  if (FOLDERS.test(path)) return 'would replace the setup of the environment';
  if (/^(bin|scripts)$/i.test(top)) return forbiddenScript(name, key);
  const isLibrary = /^lib(64)?$/i.test(top) && /^(python[0-9.]*t?|pypy[0-9.]*|site-packages)$/i.test(name);
  return isLibrary ? 'would write among the modules behind the installer’s back' : undefined;
}
