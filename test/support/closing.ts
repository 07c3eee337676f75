interface Closable {
  close(): Promise<void>
}

/** The `[Symbol.asyncDispose]` of an object with `close`, and of what is spread from it and closes more. */
export function closeThis(this: Closable): Promise<void> {
  return this.close()
}

/** For `await using`: closes at the end of the block, also when an assertion fails. */
export const closing = <Resource extends Closable>(resource: Resource): Resource & AsyncDisposable =>
  Object.assign(resource, { [Symbol.asyncDispose]: closeThis })
