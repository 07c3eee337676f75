import type { Charset, WireText } from '@sspay/protocol'
import { encodeForm, firstUnwritable } from '@sspay/protocol/charset'

/** The form in the merchant's charset. A character that windows-949 lacks becomes `?`: a shop must hear of its payment all the same. */
export const writeNotification = (fields: WireText, charset: Charset): string =>
  encodeForm(
    Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, writable(text ?? '', charset)])),
    charset,
  )

function writable(text: string, charset: Charset): string {
  let written = text
  for (let found = firstUnwritable(written, charset); found !== undefined; found = firstUnwritable(written, charset)) {
    written = written.replaceAll(found, '?')
  }
  return written
}
