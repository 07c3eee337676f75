import type { Bound } from '../bounds.ts'
import type { Load } from '../stats.ts'

export interface Result extends Load {
  readonly server: string
  readonly atOnce: number
  readonly serverMicros: number
  readonly residentMegabytes: number
}

/** Of what was measured with 64 and 256 at once. `otherName`: the same server of another checkout. */
export function boundsOf(results: readonly Result[], otherName: (kind: string) => string): readonly Bound[] {
  const at = (server: string, atOnce: number, figure: (one: Result) => number): number => {
    const found = results.find((one) => one.server === server && one.atOnce === atOnce)
    return found === undefined ? Number.NaN : figure(found)
  }
  const rate = (server: string, atOnce: number): number => at(server, atOnce, ({ perSecond }) => perSecond)
  const micros = (server: string): number => at(server, 64, ({ serverMicros }) => serverMicros)
  const spread = (server: string): number => at(server, 64, ({ p50Ms, p99Ms }) => p99Ms / p50Ms)
  const network = 'sqlite + network'
  return [
    { name: 'SQLite ÷ in RAM, 64 at once', measured: rate('sqlite', 64) / rate('in RAM', 64), least: 0.7 },
    { name: 'SQLite ÷ in RAM, 256 at once', measured: rate('sqlite', 256) / rate('in RAM', 256), least: 0.85 },
    { name: 'CPU of SQLite ÷ echo, 64 at once', measured: micros('sqlite') / micros('echo'), most: 8 },
    { name: 'CPU of PostgreSQL ÷ echo, 64 at once', measured: micros('postgres') / micros('echo'), most: 10 },
    { name: 'p99 ÷ p50 of SQLite, 64 at once', measured: spread('sqlite'), most: 4 },
    { name: 'p99 ÷ p50 of PostgreSQL, 64 at once', measured: spread('postgres'), most: 4 },
    {
      name: 'SQLite + network ÷ the same of the other checkout, 256 at once',
      measured: rate(network, 256) / rate(otherName(network), 256),
      least: 2.2,
    },
    {
      name: 'SQLite ÷ the same of the other checkout, 64 at once',
      measured: rate('sqlite', 64) / rate(otherName('sqlite'), 64),
      least: 1,
    },
  ]
}
