import type { AnyEventObject } from 'xstate';

/** A guard's result when only the event's type is known; `null`: it depends on what the event carries. */
export function judgedWithout(event: string, guard: (event: AnyEventObject) => boolean): boolean | null {
  let asked = false;
  const unknown = new Proxy<AnyEventObject>(
    { type: event },
    {
      get(target, key) {
        if (key !== 'type') asked = true;
        return Reflect.get(target, key) as unknown;
      },
      has(target, key) {
        if (key !== 'type') asked = true;
        return Reflect.has(target, key);
      },
    },
  );
  try {
    const says = guard(unknown);
    return asked ? null : says;
  } catch {
    return null;
  }
}
