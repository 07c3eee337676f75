/** Reads the newest one-time code of this phone from the sandbox's inbox. */
export async function readNewestCode(consoleUrl: string, phone: string): Promise<string> {
  const answer = await fetch(`${consoleUrl}/sandbox/phone/messages?phone=${encodeURIComponent(phone)}`, {
    signal: AbortSignal.timeout(5_000),
  })
  if (!answer.ok) throw new Error(`the phone inbox at ${consoleUrl} answers HTTP ${answer.status}`)
  const { messages } = (await answer.json()) as { readonly messages: readonly { readonly code?: string }[] }
  const newest = messages.find(({ code }) => code !== undefined)
  if (newest?.code === undefined) throw new Error('no one-time code has arrived')
  return newest.code
}
