import type { Context } from '../context.ts'
import { findKeypad } from './create-keypad.ts'
import { passwordLength } from './model.ts'
import { claimKeypad } from './store.ts'

interface Taps {
  readonly keypadId: string
  readonly sessionHash: string
  /** Tokens in the order in which they were tapped. */
  readonly taps: readonly string[]
}

type DecodedTaps =
  | { readonly ok: true; readonly digits: string }
  | { readonly ok: false; readonly reason: 'keypad_unusable' | 'taps_invalid' }

/** The password that was tapped. Single use: the keypad is spent whatever the result. */
export async function decodeTaps(
  context: Pick<Context, 'runtime' | 'storage' | 'keyRing'>,
  { keypadId, sessionHash, taps }: Taps,
): Promise<DecodedTaps> {
  const keypad = await findKeypad(context, keypadId, sessionHash)
  if (keypad === undefined) return { ok: false, reason: 'keypad_unusable' }
  const now = context.runtime.now().getTime()
  const isClaimed = await context.storage.transact((transaction) =>
    claimKeypad(transaction, keypadId, sessionHash, now),
  )
  if (!isClaimed) return { ok: false, reason: 'keypad_unusable' }

  const digits = taps.map((token) => keypad.layout[keypad.tokens.indexOf(token)])
  if (digits.length !== passwordLength || digits.includes(undefined)) return { ok: false, reason: 'taps_invalid' }
  return { ok: true, digits: digits.join('') }
}
