import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type PatroniCluster, startPatroni, statusOf, stopPatroni } from './patroni.ts'

const help = `Three PostgreSQL nodes with Patroni and etcd on loopback, with a synchronous standby.

  node test/cluster/run.ts up                  start them in a temporary folder; prints the folder and SSPAY_DATABASE_URL
  node test/cluster/run.ts status --folder F   who leads, who is synchronous
  node test/cluster/run.ts down --folder F     stop them and remove the folder

Needs, once: apt-get install -y --no-install-recommends postgresql patroni etcd-server
`

const { values, positionals } = parseArgs({ allowPositionals: true, options: { folder: { type: 'string' } } })

function readCluster(): PatroniCluster {
  const file = join(values.folder ?? '', 'cluster.json')
  if (values.folder === undefined || !existsSync(file)) throw new Error('--folder is the folder that "up" has printed')
  return JSON.parse(readFileSync(file, 'utf8')) as PatroniCluster
}

async function up(): Promise<void> {
  const { folder, url } = await startPatroni(values.folder ?? mkdtempSync(join(tmpdir(), 'sspay-patroni-')))
  console.log(`folder ${folder}\nSSPAY_DATABASE_URL=${url}`)
}

async function status(): Promise<void> {
  for (const { name, role, state } of await statusOf(readCluster())) console.log(`${name}\t${role}\t${state}`)
}

async function down(): Promise<void> {
  const cluster = readCluster()
  await stopPatroni(cluster)
  rmSync(cluster.folder, { recursive: true, force: true })
}

const verbs: Readonly<Record<string, () => Promise<void>>> = { up, status, down }
const verb = verbs[positionals[0] ?? '']
if (verb === undefined) {
  process.stderr.write(help)
  process.exitCode = 2
} else {
  await verb().catch((cause: unknown) => {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`)
    process.exitCode = 1
  })
}
