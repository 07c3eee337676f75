import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { markdownTable, readOptions } from './command.ts'
import { fill, type Template } from './growth/fill.ts'
import {
  addedBy,
  type Figure,
  type Figures,
  kinds,
  type Measuring,
  measure,
  question,
  startGateway,
  stop,
} from './growth/measure.ts'
import { createRecords, type Engine, engines, type Filled } from './growth/places.ts'
import { median } from './stats.ts'

const help = `npm run bench:growth -- [options]

What the gateway takes as the payments that it has stored grow: approvals with durable commits, the first page of the window, inquiries,
the console and claims of notifications. All requests go over HTTP to a gateway in a process of its own; the payments of the past are copies of
its own, over 400 days, with all their rows and all indexes.

First a database of each size is filled. Then the sizes take turns, each with a gateway that has just started and is warmed up; its first
approvals are shown too. A database to which the measurements would add more than a hundredth is measured on copies, so that it keeps its size.
Ends with 1 when approvals (slowest hundredth) or pages of the window (middle) take more than --limit times as long at the largest size as at the
smallest one.

  --sizes LIST       stored payments (1000,100000); 10000000 takes 30 GB and some ten minutes on SQLite, more on PostgreSQL
  --engines LIST     sqlite,postgres (both)
  --rounds NUMBER    measurements of each size, of which medians are shown (5)
  --requests NUMBER  requests of each kind in one measurement (1000)
  --at-once NUMBER   requests under way (8)
  --limit NUMBER     1.5
  --keep FOLDER      where filled databases stay, and are taken from the next time
  --fill-only        fills what is not there yet, with --keep
  --folder FOLDER    where the databases stand until the end, without --keep (the system's folder for temporary files)
  --json             figures as JSON on stdout
`
const values = readOptions(help, {
  sizes: { type: 'string', default: '1000,100000' },
  engines: { type: 'string', default: 'sqlite,postgres' },
  rounds: { type: 'string', default: '5' },
  requests: { type: 'string', default: '1000' },
  'at-once': { type: 'string', default: '8' },
  limit: { type: 'string', default: '1.5' },
  keep: { type: 'string' },
  'fill-only': { type: 'boolean', default: false },
  folder: { type: 'string', default: tmpdir() },
})
const sizes = values.sizes
  .split(',')
  .map(Number)
  .toSorted((first, second) => first - second)
const measuring: Measuring = { requests: Number(values.requests), atOnce: Number(values['at-once']) }
const [rounds, limit] = [Number(values.rounds), Number(values.limit)]

const pastMs = 400 * 24 * 60 * 60_000

/** From nothing, unless it is full already: what is half full may have lost anything. */
async function fillUnlessFull(engine: Engine, name: string, folder: string, size: number): Promise<Filled> {
  const records = createRecords(folder, name)
  const known = await records.find(size)
  if (known !== undefined) return known
  await engine.clear(String(size))
  const place = engine.place(String(size))
  const gateway = await startGateway(place.serverArgs)
  const templates = await question<readonly Template[]>(gateway, { ask: 'templates' })
  await stop(gateway)
  const dialect = await place.open()
  const startedAt = performance.now()
  const past = { startMs: Date.now() - pastMs, stepMs: Math.floor(pastMs / size) }
  await fill(dialect, { templates, payments: size, ...past }, progress(`${name}, ${size.toLocaleString('en-US')}`))
  await dialect.recordOutcome()
  const filled = { bytes: await dialect.bytes(), seconds: (performance.now() - startedAt) / 1000 }
  await dialect.close()
  await records.record(size, filled)
  return filled
}

function progress(what: string): (count: number) => void {
  let reportedAt = performance.now()
  return (count) => {
    if (performance.now() - reportedAt < 5_000) return
    reportedAt = performance.now()
    console.error(`${what}: ${count.toLocaleString('en-US')} payments are stored`)
  }
}

async function measureOnce(engine: Engine, size: number): Promise<Figures> {
  const name = String(size)
  const growsNoticeably = addedBy(measuring) * rounds > size / 100
  if (growsNoticeably) await engine.copy(name, 'copy')
  const gateway = await startGateway(engine.place(growsNoticeably ? 'copy' : name).serverArgs)
  try {
    return await measure(gateway, measuring)
  } finally {
    await stop(gateway)
    if (growsNoticeably) await engine.clear('copy')
  }
}

interface Row {
  readonly payments: number
  readonly bytesPerPayment: number
  readonly fillSeconds: number
  readonly figures: Figures
  readonly rounds: readonly Figures[]
}

async function compare(engine: Engine, name: string, folder: string): Promise<readonly Row[]> {
  const filled = new Map<number, Filled>()
  for (const size of sizes) filled.set(size, await fillUnlessFull(engine, name, folder, size))
  const measured = new Map<number, Figures[]>(sizes.map((size) => [size, []]))
  for (let round = 0; round < (values['fill-only'] ? 0 : rounds); round++) {
    // None is always the first after the pause.
    const turns = sizes.map((_, turn) => sizes[(turn + round) % sizes.length] as number)
    for (const size of turns) measured.get(size)?.push(await measureOnce(engine, size))
    console.error(`${name}: round ${round + 1} of ${rounds} is done`)
  }
  return sizes.map((size) => {
    const { bytes = Number.NaN, seconds = Number.NaN } = filled.get(size) ?? {}
    const all = measured.get(size) ?? []
    return {
      ...{ payments: size, bytesPerPayment: bytes / size, fillSeconds: seconds },
      ...{ figures: medianFigures(all), rounds: all },
    }
  })
}

const medianFigures = (all: readonly Figures[]): Figures =>
  Object.fromEntries(
    kinds.map((kind) => [kind, [0, 1, 2].map((index) => median(all.map((figures) => figures[kind][index] as number)))]),
  ) as unknown as Figures

function table(rows: readonly Row[]): string {
  const head = ['payments', 'bytes each', ...kinds.map((kind) => `${kind}, ms`), ...kinds.map((kind) => `× ${kind}`)]
  const [first] = rows
  const joined = (figure: readonly number[]): string => figure.map((figure) => figure.toFixed(2)).join(' / ')
  const ratios = (figure: Figure, base: Figure): string => joined(figure.map((ms, index) => ms / (base[index] ?? 1)))
  return markdownTable(
    head,
    rows.map(({ payments, bytesPerPayment, figures }) => [
      ...[payments.toLocaleString('en-US'), bytesPerPayment.toFixed(0)],
      ...kinds.map((kind) => joined(figures[kind])),
      ...kinds.map((kind) => ratios(figures[kind], first?.figures[kind] ?? figures[kind])),
    ]),
  )
}

/** Sentences about what takes longer at the largest size than the limit allows. */
function findGrowth(name: string, rows: readonly Row[]): readonly string[] {
  const [smallest, largest] = [rows[0]?.figures, rows.at(-1)?.figures]
  if (smallest === undefined || largest === undefined) return []
  const looked = [
    ['approval, slowest hundredth', largest.approval[1] / smallest.approval[1]],
    ['window page, middle', largest['window page'][0] / smallest['window page'][0]],
  ] as const
  return looked
    .filter(([, ratio]) => !(ratio <= limit))
    .map(([what, ratio]) => `${name}: ${what}: × ${ratio.toFixed(2)} at the largest size, more than × ${limit}`)
}

const folder = values.keep === undefined ? await mkdtemp(join(values.folder, 'sspay-growth-')) : resolve(values.keep)
await mkdir(folder, { recursive: true })
const results: Record<string, readonly Row[]> = {}
try {
  for (const name of values.engines.split(',')) {
    const engine = await engines[name]?.(folder)
    if (engine === undefined) throw new Error(`there is no engine ${name}`)
    try {
      results[name] = await compare(engine, name, folder)
    } finally {
      await engine.close()
    }
  }
} finally {
  if (values.keep === undefined) await rm(folder, { recursive: true, force: true })
}
for (const [name, rows] of Object.entries(results)) {
  if (values['fill-only']) {
    const sizesFilled = rows.map(({ payments, bytesPerPayment, fillSeconds }) => [
      ...[payments.toLocaleString('en-US'), bytesPerPayment.toFixed(0), fillSeconds.toFixed(0)],
    ])
    console.error(`\n${name}\n\n${markdownTable(['payments', 'bytes each', 'filled in, s'], sizesFilled)}\n`)
    continue
  }
  console.error(
    `\n${name}: p50 / p99 / CPU of the gateway, medians of ${rounds} rounds, and the same as a multiple of the first row\n\n${table(rows)}\n`,
  )
  for (const sentence of findGrowth(name, rows)) {
    console.error(sentence)
    process.exitCode = 1
  }
}
if (values.json) console.log(JSON.stringify(results))
