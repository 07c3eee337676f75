const iso = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/

const koreanOffsetMs = 9 * 60 * 60_000

/**
 * An instant in ISO 8601; Korean time where it has no offset. Undefined for another form, and for a day or hour that
 * does not exist.
 */
export function readInstant(text: string): Date | undefined {
  const [, day, minute, second = ':00', fraction = '', offset] = iso.exec(text) ?? []
  const wallClock = new Date(`${day}T${minute}${second}${fraction}Z`)
  // 30 February rolls over to another day.
  if (Number.isNaN(wallClock.getTime()) || !wallClock.toISOString().startsWith(`${day}T${minute}`)) return undefined
  const offsetMs = offset === undefined ? koreanOffsetMs : readOffset(offset)
  return offsetMs === undefined ? undefined : new Date(wallClock.getTime() - offsetMs)
}

function readOffset(offset: string): number | undefined {
  if (offset === 'Z') return 0
  const hours = Number(offset.slice(1, 3))
  const minutes = Number(offset.slice(-2))
  if (hours > 14 || minutes > 59) return undefined
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}
