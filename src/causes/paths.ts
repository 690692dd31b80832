/** `package/x@1` belongs to the Runner, `package/x@1/process/1` to `package/x@1`, its heartbeat to it. */
export function parentOf(path: string): string | null {
  if (path === 'runner') return null;
  const parts = path.split('/');
  if (parts.at(-1) === 'heartbeat') return parts.slice(0, -1).join('/');
  return parts.length <= 2 ? 'runner' : parts.slice(0, -2).join('/');
}

export const childPath = (path: string, child: string): string => (path === 'runner' ? child : `${path}/${child}`);
