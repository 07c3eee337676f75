const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** In milliseconds: `90s`, `11m`, `25h`, `2d`, `1h30m`. Undefined for anything else. */
export function readDuration(text: string): number | undefined {
  if (!/^([0-9]{1,6}[smhd])+$/.test(text)) return undefined
  const parts = text.match(/[0-9]+[smhd]/g) ?? []
  return parts.reduce((sum, part) => sum + Number.parseInt(part, 10) * units[part.slice(-1) as keyof typeof units], 0)
}
