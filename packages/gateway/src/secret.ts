import { inspect } from 'node:util'

/** A value that cannot be printed by accident; every use is a call of `expose`. */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  expose(): string {
    return this.#value
  }
  toString(): string {
    return '***'
  }
  toJSON(): string {
    return '***'
  }
  [Symbol.toPrimitive](): string {
    return '***'
  }
  [inspect.custom](): string {
    return '***'
  }
}
