/** The digit on each of the ten digit keys, in reading order. Only the picture reveals it. */
export type Layout = readonly number[]

export interface Keypad {
  readonly keypadId: string
  readonly layout: Layout
  /** Posted instead of the digits: random for each keypad, in the order of `layout`. */
  readonly tokens: readonly string[]
  readonly expiresAt: Date
}

export const keypadGrid = { columns: 3, rows: 4 } as const

/** The lower corners hold no digit: left blank, right erase. They never move. */
export const digitCells = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10] as const
export const eraseCell = 11

export const passwordLength = 6
