import {
  charsetRow,
  contentRows,
  derivationRow,
  formRows,
  modeRows,
  paddingRow,
  wholeRows,
} from './encryption-mistakes.ts'
import { cutRow } from './explain-signature.ts'
import type { MistakeRow } from './mistake.ts'
import { signatureMistakes } from './signature-mistakes.ts'
import { encodingMistakes, keyMistakes } from './value-mistakes.ts'

/** What can be done in place of the guide's signatures. */
export const signatureRows: readonly MistakeRow<unknown>[] = [...encodingMistakes, cutRow, ...signatureMistakes]

/** What can be done in place of the guide's encryption. */
export const encryptionRows: readonly MistakeRow<unknown>[] = [
  ...encodingMistakes,
  ...keyMistakes,
  ...[derivationRow, ...modeRows, paddingRow, charsetRow, ...formRows, ...wholeRows, ...contentRows],
]
