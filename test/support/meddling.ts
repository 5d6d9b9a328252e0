/**
 * The same object, some of whose members are others. What is not named stays what it is, private
 * state included: methods are called on the object itself.
 */
export function meddling<Whole extends object>(whole: Whole, otherwise: Partial<Whole>): Whole {
  return new Proxy(whole, {
    get(target, name) {
      const meddled: unknown = Reflect.get(otherwise, name);
      if (meddled !== undefined) return meddled;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function'
        ? (...given: unknown[]): unknown => Reflect.apply(value, target, given)
        : value;
    },
  });
}
