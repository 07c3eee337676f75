import type { Context } from '../context.ts'
import { type Runtime, randomBelow, randomHex } from '../runtime.ts'
import type { Keypad, Layout } from './model.ts'
import { insertKeypad, readUsableKeypad } from './store.ts'

/** Each of the 10! orders is equally likely (Fisher–Yates with unbiased draws). */
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

type KeypadContext = Pick<Context, 'runtime' | 'storage' | 'keyRing' | 'settings'>

/** Draws a new order of digits and new tokens for one window session. */
export async function createKeypad(context: KeypadContext, sessionHash: string): Promise<Keypad> {
  const { runtime, storage, keyRing, settings } = context
  const now = runtime.now().getTime()
  const layout = shuffledLayout(runtime)
  const keypad: Keypad = {
    keypadId: randomHex(runtime, 16),
    layout,
    tokens: layout.map(() => randomHex(runtime, 12)),
    expiresAt: new Date(now + settings.keypadLifeMs),
  }
  const secret = JSON.stringify({ layout, tokens: keypad.tokens })
  const row = {
    keypadId: keypad.keypadId,
    sessionHash,
    encryptedLayout: keyRing.encrypt(secret, encryptContext(keypad.keypadId, sessionHash)),
    expiresAt: keypad.expiresAt.getTime(),
  }
  await storage.transact((transaction) => insertKeypad(transaction, row, now))
  return keypad
}

/** The keypad while it can still be used in this session. */
export async function findKeypad(
  { runtime, storage, keyRing }: Pick<Context, 'runtime' | 'storage' | 'keyRing'>,
  keypadId: string,
  sessionHash: string,
): Promise<Keypad | undefined> {
  const row = await readUsableKeypad(storage, keypadId, sessionHash, runtime.now().getTime())
  if (row === undefined) return undefined
  const secret = JSON.parse(keyRing.decrypt(row.encryptedLayout, encryptContext(keypadId, sessionHash)))
  const { layout, tokens } = secret as { layout: Layout; tokens: readonly string[] }
  return { keypadId, layout, tokens, expiresAt: new Date(row.expiresAt) }
}

const encryptContext = (keypadId: string, sessionHash: string): string => `keypad:${sessionHash}:${keypadId}`
