/** An answer of the card network before anything in it is believed. */
export type Answer = Readonly<Record<string, unknown>>

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/** Undefined for what is no JSON object. */
export function readJsonAnswer(body: Uint8Array): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(strictUtf8.decode(body))
    return typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? (answer as Answer) : undefined
  } catch {
    return undefined
  }
}
