import type { LocalizedText } from '@sspay/protocol'

/** A file that cannot be compared, with its line and value. The message is in Korean and English. */
export class UnreadableFileError extends Error {
  readonly text: LocalizedText

  constructor(text: LocalizedText, options?: ErrorOptions) {
    super(`${text.ko} ${text.en}`, options)
    this.name = 'UnreadableFileError'
    this.text = text
  }
}

/** The value of a line, and the rule that it breaks. */
export const wrongValue = (line: number, value: string, { ko, en }: LocalizedText): UnreadableFileError => {
  const shown = JSON.stringify(value.slice(0, 100))
  return new UnreadableFileError({
    ko: `${line}번째 줄 ${shown}: ${ko}`,
    en: `line ${line}: ${shown}: ${en}`,
  })
}
