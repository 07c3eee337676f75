import { sealedEnvelope } from '../messages/sealed-envelope.ts'
import { openBody } from '../sealed-body.ts'
import type { Reading } from './encodings.ts'
import { contentMistakes, type Surroundings } from './encrypted-content.ts'
import { encryptedReadings } from './encrypted-readings.ts'
import { type EncryptionKey, encryptionKeys } from './encryption-keys.ts'
import { modes, type Open } from './encryption-modes.ts'
import type { NamedKey } from './keys.ts'
import { fieldsOf } from './message-forms.ts'
import type { Mistake } from './mistake.ts'
import { type OpenWhole, openWithin } from './opening-budget.ts'
import { mayBeText, readPlaintext } from './plaintext.ts'
import { wholeBodyMistake } from './whole-body.ts'

/** A sealed body as it came, and what is known of the request that it belongs to. */
export interface SealedBody extends Surroundings {
  readonly sealedBody: string
  readonly merchantKey: string
  readonly otherKeys: readonly NamedKey[]
}

/** What is longer than its field may be is not searched. */
const mostCharacters = sealedEnvelope.EncData.format.maxLength

/** Some five of the hundreds of ways to open noise look like text by chance, and then the whole is opened. */
const mostBytesOpened = 64 * mostCharacters

/**
 * The mistakes, as few as possible, that lead to this body: none when it is right, undefined when no known ones do. Throws RangeError for
 * a MerchantKey that is too short.
 */
export function findEncryptionMistakes(given: SealedBody): readonly Mistake[] | undefined {
  const fields = openBody(given.sealedBody, given.merchantKey)
  if (fields !== undefined) return contentMistakes(fields, given)
  if (given.sealedBody.length > mostCharacters) return undefined
  const readings = encryptedReadings(given.sealedBody)
  const whole = wholeBodyMistake(given, readings)
  if (whole !== undefined) return [whole]
  const keys = encryptionKeys(given.merchantKey, given.otherKeys)
  const openWhole = openWithin(mostBytesOpened)
  for (const reading of readings)
    for (const key of keys) {
      const found = findOpening(reading, key, { ...given, openWhole })
      if (found !== undefined) return found
    }
  return undefined
}

/** So much of a body is opened to see whether it is worth opening the whole. */
const sampleLength = 96

interface Opening extends Surroundings {
  readonly openWhole: OpenWhole
}

function findOpening(reading: Reading, key: EncryptionKey, opening: Opening): readonly Mistake[] | undefined {
  const isReadable = samplesOf(reading.bytes, key.bytes)
  const found = modes.flatMap((mode) => {
    if ((mode.isRare && key.mistake !== undefined) || !isReadable(mode.sample)) return []
    const opened = opening.openWhole(mode.open, reading.bytes, key.bytes)
    const plaintext = opened && readPlaintext(opened)
    if (plaintext === undefined) return []
    const fields = fieldsOf(plaintext.text)
    const encryption = [reading.mistake, key.mistake, mode.mistake].filter((one) => one !== undefined)
    return [[...encryption, ...plaintext.mistakes, ...(fields === undefined ? [] : contentMistakes(fields, opening))]]
  })
  return found.toSorted((one, other) => one.length - other.length)[0]
}

/** Whether the beginning looks like text when it is opened so: looked at once for all modes that share a sample. */
function samplesOf(encrypted: Uint8Array, key: Uint8Array): (open: Open) => boolean {
  const looked = new Map<Open, boolean>()
  return (open) => {
    const known = looked.get(open)
    if (known !== undefined) return known
    const sample = open(encrypted.subarray(0, sampleLength), key)
    const isReadable = sample !== undefined && mayBeText(sample.plaintext)
    looked.set(open, isReadable)
    return isReadable
  }
}
