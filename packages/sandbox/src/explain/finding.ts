import type { LocalizedText } from '@sspay/protocol'

/** One result of the check of a message. */
export interface Finding extends LocalizedText {
  readonly tone: 'right' | 'wrong' | 'note'
  /** The text to sign, with a name in place of the key. */
  readonly joined?: string
  readonly expected?: string
}

export const right = (ko: string, en: string): Finding => ({ tone: 'right', ko, en })
export const wrong = ({ ko, en }: LocalizedText): Finding => ({ tone: 'wrong', ko, en })
export const note = (ko: string, en: string): Finding => ({ tone: 'note', ko, en })
