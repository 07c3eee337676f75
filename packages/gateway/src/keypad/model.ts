/** The digit on each of the ten digit keys, in reading order. Only the picture shows it. */
export type Layout = readonly number[]

export interface Keypad {
  readonly keypadId: string
  readonly layout: Layout
  /** What a key posts instead of its digit; random, another one each time, in the order of `layout`. */
  readonly tokens: readonly string[]
  readonly expiresAt: Date
}

/** Cells of the payment window's keypad. */
export const keypadGrid = { columns: 3, rows: 4 } as const

/** Three columns, four rows; the two lower corners are no digits (clear and erase) and never move. */
export const digitCells = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10] as const
export const clearCell = 9
export const eraseCell = 11

/** How many digits a payment password has. */
export const passwordLength = 6
