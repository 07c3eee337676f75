const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** In milliseconds: `90s`, `11m`, `25h`, `2d`, `1h30m`. Undefined for anything else. */
export function readDuration(text: string): number | undefined {
  if (!/^([0-9]{1,6}[smhd])+$/.test(text)) return undefined
  const parts = text.match(/[0-9]+[smhd]/g) ?? []
  return parts.reduce((sum, part) => sum + Number.parseInt(part, 10) * units[part.slice(-1) as keyof typeof units], 0)
}

/** ISO 8601, a day and a time, or fourteen digits as in EdiDate; Korean time where no offset is written. */
export function readMoment(text: string): Date | undefined {
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text)
  const written = digits === null ? text : `${digits.slice(1, 4).join('-')}T${digits.slice(4).join(':')}`
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(written)
  if (parts === null) return undefined
  const [, day = '', time = '00:00', seconds = ':00', offset = '+09:00'] = parts
  const moment = new Date(`${day}T${time}${seconds}${offset}`)
  // A day that does not exist, such as 31 June, must not be read as another.
  const isDay = new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) === true
  return isDay && !Number.isNaN(moment.getTime()) ? moment : undefined
}
