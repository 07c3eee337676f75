export interface Closable {
  close(): Promise<void>
}

/** For `await using`: closes at the end of the block, also when an assertion fails. */
export const closing = <Resource extends Closable>(resource: Resource): Resource & AsyncDisposable =>
  Object.assign(resource, { [Symbol.asyncDispose]: () => resource.close() })
