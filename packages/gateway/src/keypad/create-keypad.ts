import type { Context } from '../context.ts'
import { type Runtime, randomBelow, randomHex } from '../runtime.ts'
import type { Keypad, Layout } from './model.ts'
import { insertKeypad, readUsableKeypad } from './store.ts'

type KeypadContext = Pick<Context, 'runtime' | 'storage' | 'keyRing' | 'settings'>

/** Fisher–Yates shuffle with unbiased draws: each of the 10! orders is equally likely. */
export function shuffledLayout(runtime: Runtime): Layout {
  const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
  for (let last = digits.length - 1; last > 0; last--) {
    const chosen = randomBelow(runtime, last + 1)
    const digit = digits[chosen] as number
    digits[chosen] = digits[last] as number
    digits[last] = digit
  }
  return digits
}

/** Shuffles the digits and draws new tokens for one window session. */
export async function createKeypad(context: KeypadContext, sessionHash: string): Promise<Keypad> {
  const { runtime, storage, keyRing, settings } = context
  const now = runtime.now().getTime()
  const keypadId = randomHex(runtime, 16)
  const layout = shuffledLayout(runtime)
  const tokens = layout.map(() => randomHex(runtime, 12))
  const expiresAt = new Date(now + settings.keypadLifeMs)
  const encryptedLayout = keyRing.encrypt(JSON.stringify({ layout, tokens }), encryptContext(keypadId, sessionHash))
  const row = { keypadId, sessionHash, encryptedLayout, expiresAt: expiresAt.getTime() }
  await storage.transact((transaction) => insertKeypad(transaction, row, now))
  return { keypadId, layout, tokens, expiresAt }
}

/** Undefined when the keypad is spent, expired or of another session. */
export async function findKeypad(
  { runtime, storage, keyRing }: Pick<Context, 'runtime' | 'storage' | 'keyRing'>,
  keypadId: string,
  sessionHash: string,
): Promise<Keypad | undefined> {
  const row = await readUsableKeypad(storage, keypadId, sessionHash, runtime.now().getTime())
  if (row === undefined) return undefined
  const secret = JSON.parse(keyRing.open(row.encryptedLayout, encryptContext(keypadId, sessionHash)))
  const { layout, tokens } = secret as Pick<Keypad, 'layout' | 'tokens'>
  return { keypadId, layout, tokens, expiresAt: new Date(row.expiresAt) }
}

const encryptContext = (keypadId: string, sessionHash: string): string => `keypad:${sessionHash}:${keypadId}`
