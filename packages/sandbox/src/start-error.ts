import type { LocalizedText } from '@sspay/protocol'
import { explainSystemError } from './system-error.ts'

/** The sandbox could not start. The message has cause and cure, in Korean and English. */
export class SandboxStartError extends Error {
  /** The message in each language. */
  readonly text: LocalizedText

  constructor(text: LocalizedText, options?: ErrorOptions) {
    super(`${text.ko}\n${text.en}`, options)
    this.name = 'SandboxStartError'
    this.text = text
  }
}

const anotherDataFolder: LocalizedText = {
  ko: '다른 데이터 폴더를 지정하세요(--data FOLDER, SSPAY_DATA)',
  en: 'choose another data folder (--data FOLDER, SSPAY_DATA)',
}

/** An error of the operating system with its cure; any other as it is. */
export function startErrorOf(cause: unknown): unknown {
  const text = explainSystemError(cause, anotherDataFolder)
  return text === undefined ? cause : new SandboxStartError(text, { cause })
}
