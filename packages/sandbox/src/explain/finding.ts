import type { LocalizedText } from '@sspay/protocol'

/** One result of the check of a message. */
export interface Finding extends LocalizedText {
  /** `warning`: not as the guide has it, and accepted. */
  readonly tone: 'right' | 'wrong' | 'warning' | 'note'
  /** The text to sign, with a name in place of the key. */
  readonly joined?: string
  readonly expected?: string
}

export const right = (ko: string, en: string): Finding => ({ tone: 'right', ko, en })
export const wrong = ({ ko, en }: LocalizedText): Finding => ({ tone: 'wrong', ko, en })
export const warning = ({ ko, en }: LocalizedText): Finding => ({ tone: 'warning', ko, en })
export const note = (ko: string, en: string): Finding => ({ tone: 'note', ko, en })
