/** What the page hands over after the device has signed; nothing in it is believed before it was verified. */
export function readCredential<Shape extends { readonly id: string }>(text: string): Shape | undefined {
  const read = readObject(text)
  return read !== undefined && typeof read.id === 'string' ? (read as unknown as Shape) : undefined
}

/**
 * Whether the page that asked stood where the window may stand: alone, or in the frame of the shop that opened it. Browsers that
 * do not name the page around the frame say only that there is one.
 */
export function isWellPlaced(clientDataText: string, framedBy: string | undefined): boolean {
  const clientData = readObject(Buffer.from(clientDataText, 'base64url').toString('utf8'))
  if (clientData === undefined) return false
  const { crossOrigin, topOrigin } = clientData
  if (crossOrigin !== true) return topOrigin === undefined
  return framedBy !== undefined && (topOrigin === undefined || topOrigin === framedBy)
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
