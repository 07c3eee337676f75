import type { LocalizedText } from '@sspay/protocol'

/** One thing that is said about a message. */
export interface Finding extends LocalizedText {
  readonly tone: 'right' | 'wrong' | 'note'
  /** What should have been signed, with a name in place of the key. */
  readonly joined?: string
  /** The signature that is right. */
  readonly expected?: string
}

export const right = (ko: string, en: string): Finding => ({ tone: 'right', ko, en })
export const wrong = ({ ko, en }: LocalizedText): Finding => ({ tone: 'wrong', ko, en })
export const note = (ko: string, en: string): Finding => ({ tone: 'note', ko, en })
