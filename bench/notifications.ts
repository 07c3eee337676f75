import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../packages/merchant/test/postgres.ts'
import { markdownTable, readOptions } from './command.ts'
import type { Backlog } from './notification-server.ts'
import { usageOf } from './usage.ts'

const help = `Throughput of a backlog of notifications (webhooks): notifications a second, from the first that arrives to the last.

  node bench/notifications.ts [--engines sqlite,postgres] [--notifications 10000] [--merchants 10] [--json]

The whole gateway starts on a database in which so many notifications wait, in equal parts for each merchant, and posts them to a shop on
loopback that answers OK at once. Then the same with one merchant whose shop takes the connection and never answers: counted are the notifications
of the others. CPU is the gateway's for each notification, in steps of 10 ms in all, from Linux; the database of PostgreSQL is a process of its own
and is not in it.
`

const values = readOptions(help, {
  engines: { type: 'string', default: 'sqlite,postgres' },
  notifications: { type: 'string', default: '10000' },
  merchants: { type: 'string', default: '10' },
})
const [notifications, merchants] = [Number(values.notifications), Number(values.merchants)]

interface Result {
  readonly engine: string
  readonly hangingShops: number
  readonly delivered: number
  readonly perSecond: number
  readonly cpuMicros: number
  readonly repeated: number
}

interface Shops {
  readonly urls: readonly string[]
  /** Resolves when so many different notifications have arrived. */
  arrived(count: number): Promise<{ readonly seconds: number; readonly repeated: number }>
  close(): void
}

/** One server for all of them; those of the first so many merchants hang. */
async function openShops(hanging: number, onFirst: () => void): Promise<Shops> {
  const seen = new Set<string>()
  const finished = Promise.withResolvers<{ seconds: number; repeated: number }>()
  let [startedAt, all, wanted] = [0, 0, Number.POSITIVE_INFINITY]
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      if (Number(request.url?.slice(1)) < hanging) return
      response.end('OK')
      if (all++ === 0) {
        startedAt = performance.now()
        onFirst()
      }
      seen.add(String(request.headers['webhook-id'] ?? Buffer.concat(parts)))
      if (seen.size === wanted)
        finished.resolve({ seconds: (performance.now() - startedAt) / 1_000, repeated: all - seen.size })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    urls: Array.from({ length: merchants }, (_, index) => `http://127.0.0.1:${port}/${index}`),
    arrived(count) {
      wanted = count
      return finished.promise
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function drain(engine: string, place: Backlog['place'], hangingShops: number): Promise<Result> {
  const child = fork(new URL('./notification-server.ts', import.meta.url), [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const pid = child.pid ?? Number.NaN
  let cpuBefore = 0
  const shops = await openShops(hangingShops, () => {
    cpuBefore = usageOf(pid).cpuMs
  })
  try {
    const delivered = (notifications / merchants) * (merchants - hangingShops)
    child.send({ place, shopUrls: shops.urls, notifications } satisfies Backlog)
    const tooEarly = ended.then(([code]) => Promise.reject(new Error(`the gateway ended with ${code}`)))
    const { seconds, repeated } = await Promise.race([shops.arrived(delivered), tooEarly])
    const cpuMicros = ((usageOf(pid).cpuMs - cpuBefore) * 1_000) / delivered
    return { engine, hangingShops, delivered, perSecond: delivered / seconds, cpuMicros, repeated }
  } finally {
    if (child.connected) child.disconnect()
    await ended
    shops.close()
  }
}

const database = values.engines.includes('postgres') ? await startPostgres({ isDurable: true }) : undefined
const folders: string[] = []
try {
  const results: Result[] = []
  for (const engine of values.engines.split(',')) {
    for (const hangingShops of [0, 1]) {
      const dataFolder = await mkdtemp(join(tmpdir(), 'sspay-notifications-'))
      folders.push(dataFolder)
      const databaseUrl = engine === 'postgres' ? await database?.createDatabase() : undefined
      results.push(await drain(engine, databaseUrl === undefined ? { dataFolder } : { databaseUrl }, hangingShops))
    }
  }
  const head = ['Engine', 'Shops that hang', 'Delivered', 'Notifications/s', 'CPU, µs', 'Delivered twice']
  const rows = results.map((one) => [
    ...[one.engine, one.hangingShops, one.delivered, one.perSecond.toFixed(0), one.cpuMicros.toFixed(0), one.repeated],
  ])
  console.log(values.json ? JSON.stringify(results) : markdownTable(head, rows))
} finally {
  await database?.stop()
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
}
