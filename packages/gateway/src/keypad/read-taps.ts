import type { Context } from '../context.ts'
import { findKeypad } from './create-keypad.ts'
import { passwordLength } from './model.ts'
import { claimKeypad } from './store.ts'

export type ReadTaps =
  | { readonly ok: true; readonly digits: string }
  | { readonly ok: false; readonly reason: 'keypad_unusable' | 'taps_invalid' }

interface Taps {
  readonly keypadId: string
  readonly sessionHash: string
  /** Tokens in the order they were tapped. */
  readonly taps: readonly string[]
}

/** The password that was tapped. The keypad is used up by this, whatever comes out. */
export async function readTaps(
  context: Pick<Context, 'runtime' | 'storage' | 'keyRing'>,
  { keypadId, sessionHash, taps }: Taps,
): Promise<ReadTaps> {
  const keypad = await findKeypad(context, keypadId, sessionHash)
  if (keypad === undefined) return { ok: false, reason: 'keypad_unusable' }
  const now = context.runtime.now().getTime()
  const claimed = await context.storage.transact((transaction) => claimKeypad(transaction, keypadId, sessionHash, now))
  if (!claimed) return { ok: false, reason: 'keypad_unusable' }

  const digits = taps.map((token) => keypad.layout[keypad.tokens.indexOf(token)])
  if (digits.length !== passwordLength || digits.includes(undefined)) return { ok: false, reason: 'taps_invalid' }
  return { ok: true, digits: digits.join('') }
}
