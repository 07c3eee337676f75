import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from '../support/free-port.ts'
import {
  asPostgres,
  binaries,
  database,
  ownedByPostgres,
  requirePrograms,
  superuser,
  urlOfPorts,
} from './system-postgres.ts'

/** One node as it was started: a Patroni, which starts and stops its PostgreSQL by itself. */
export interface PatroniNode {
  readonly name: string
  readonly patroniPid: number
  readonly databasePort: number
  readonly restPort: number
  readonly dataFolder: string
}

/** State of a running cluster for `down` and `status`, as JSON in its folder. */
export interface PatroniCluster {
  readonly folder: string
  readonly etcdPid: number
  readonly nodes: readonly PatroniNode[]
  /** All hosts, for `SSPAY_DATABASE_URL`. */
  readonly url: string
}

export interface NodeStatus {
  readonly name: string
  readonly role: string
  readonly state: string
}

const programs = ['/usr/bin/patroni', '/usr/bin/etcd']

/**
 * Three nodes and an etcd on loopback, in a folder of their own. Resolves when a standby is synchronous and the
 * database is there.
 */
export async function startPatroni(folder: string): Promise<PatroniCluster> {
  requirePrograms(programs, 'postgresql patroni etcd-server')
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o755)
  ownedByPostgres(folder)
  const [client, peer] = [await freePort(), await freePort()]
  const etcd = launch(folder, 'etcd', '/usr/bin/etcd', [
    '--data-dir',
    join(folder, 'etcd'),
    '--name',
    'one',
    '--listen-client-urls',
    `http://127.0.0.1:${client}`,
    '--advertise-client-urls',
    `http://127.0.0.1:${client}`,
    '--listen-peer-urls',
    `http://127.0.0.1:${peer}`,
    '--initial-advertise-peer-urls',
    `http://127.0.0.1:${peer}`,
    '--initial-cluster',
    `one=http://127.0.0.1:${peer}`,
  ])
  const nodes: PatroniNode[] = []
  for (const name of ['one', 'two', 'three']) nodes.push(await startNode(folder, name, `127.0.0.1:${client}`))
  const url = urlOfPorts(nodes.map(({ databasePort }) => databasePort))
  const cluster = { folder, etcdPid: etcd.pid ?? 0, nodes, url }
  writeFileSync(join(folder, 'cluster.json'), JSON.stringify(cluster, null, 2))
  await untilFinished(cluster)
  const leader = await leaderOf(cluster)
  const administrator = new pg.Client({
    host: '127.0.0.1',
    port: leader?.databasePort,
    user: superuser,
    database: 'postgres',
  })
  await administrator.connect()
  await administrator.query(`create database ${database}`)
  await administrator.end()
  return cluster
}

async function startNode(folder: string, name: string, etcdHost: string): Promise<PatroniNode> {
  const [databasePort, restPort] = [await freePort(), await freePort()]
  const dataFolder = join(folder, name)
  const file = join(folder, `${name}.yml`)
  // JSON is YAML too.
  writeFileSync(
    file,
    JSON.stringify(settingsOf({ folder, name, etcdHost, databasePort, restPort, dataFolder }), null, 2),
  )
  const patroni = launch(folder, name, '/usr/bin/patroni', [file])
  return { name, patroniPid: patroni.pid ?? 0, databasePort, restPort, dataFolder }
}

interface NodePlace extends Omit<PatroniNode, 'patroniPid'> {
  readonly folder: string
  readonly etcdHost: string
}

function settingsOf({ folder, name, etcdHost, databasePort, restPort, dataFolder }: NodePlace): object {
  return {
    scope: 'sspay',
    name,
    etcd3: { host: etcdHost },
    restapi: { listen: `127.0.0.1:${restPort}`, connect_address: `127.0.0.1:${restPort}` },
    bootstrap: { dcs: sharedSettings, initdb: [{ encoding: 'UTF8' }, { locale: 'C' }] },
    postgresql: {
      listen: `127.0.0.1:${databasePort}`,
      connect_address: `127.0.0.1:${databasePort}`,
      data_dir: dataFolder,
      bin_dir: binaries,
      authentication: { superuser: { username: superuser }, replication: { username: 'replicator' } },
      parameters: { unix_socket_directories: folder },
      pg_hba: ['local all all trust', 'host all all 127.0.0.1/32 trust', 'host replication all 127.0.0.1/32 trust'],
    },
  }
}

/**
 * `ttl` has a floor of 20 s. `primary_start_timeout: 0` fails over as soon as a Patroni that lives sees its PostgreSQL
 * dead.
 */
const sharedSettings = {
  ttl: 20,
  loop_wait: 1,
  retry_timeout: 3,
  synchronous_mode: true,
  synchronous_mode_strict: true,
  primary_start_timeout: 0,
  postgresql: {
    use_pg_rewind: true,
    parameters: { max_connections: 60, shared_buffers: '64MB', wal_log_hints: 'on', wal_keep_size: '512MB' },
  },
}

export async function statusOf({ nodes }: Pick<PatroniCluster, 'nodes'>): Promise<readonly NodeStatus[]> {
  for (const { restPort } of nodes) {
    try {
      const answer = await fetch(`http://127.0.0.1:${restPort}/cluster`, { signal: AbortSignal.timeout(2_000) })
      const { members } = (await answer.json()) as { readonly members: readonly NodeStatus[] }
      return members.map(({ name, role, state }) => ({ name, role, state }))
    } catch {
      // This node is away: the next one knows.
    }
  }
  return []
}

export async function leaderOf(cluster: PatroniCluster): Promise<PatroniNode | undefined> {
  const leader = (await statusOf(cluster)).find(({ role }) => role === 'leader')
  return cluster.nodes.find(({ name }) => name === leader?.name)
}

/** One leader, one synchronous standby, and all three there. */
export async function untilFinished(cluster: Pick<PatroniCluster, 'nodes' | 'folder'>): Promise<void> {
  for (let looks = 0; looks < 240; looks++) {
    const nodes = await statusOf(cluster)
    const roles = nodes.map(({ role }) => role)
    const areUp = nodes.every(({ state }) => state === 'running' || state === 'streaming')
    if (areUp && nodes.length === 3 && roles.includes('leader') && roles.includes('sync_standby')) return
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error(`the cluster does not become healthy: see the logs in ${cluster.folder}`)
}

/** SIGKILL to the server: the pid stands in its folder. Its Patroni lives and sees it. */
export function killPostgres({ dataFolder }: PatroniNode): void {
  process.kill(Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL')
}

/** SIGKILL to Patroni and its server, as in a power cut: the leader's key stays until its TTL ends. */
export function killNode(node: PatroniNode): void {
  process.kill(node.patroniPid, 'SIGKILL')
  killPostgres(node)
}

/** The same cluster with the Patroni of that node started again. */
export function startAgain(cluster: PatroniCluster, { name }: PatroniNode): PatroniCluster {
  const patroni = launch(cluster.folder, name, '/usr/bin/patroni', [join(cluster.folder, `${name}.yml`)])
  const nodes = cluster.nodes.map((node) => (node.name === name ? { ...node, patroniPid: patroni.pid ?? 0 } : node))
  return { ...cluster, nodes }
}

export async function stopPatroni({ nodes, etcdPid }: PatroniCluster): Promise<void> {
  // Patroni stops its PostgreSQL; etcd last, because they sign off there.
  for (const { patroniPid } of nodes) signal(patroniPid, 'SIGTERM')
  for (const { patroniPid } of nodes) await gone(patroniPid)
  signal(etcdPid, 'SIGTERM')
  await gone(etcdPid)
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

async function gone(pid: number): Promise<void> {
  for (let looks = 0; looks < 200 && signal(pid, 0); looks++) await new Promise((resolve) => setTimeout(resolve, 100))
  signal(pid, 'SIGKILL')
}

function launch(folder: string, name: string, program: string, args: readonly string[]): ChildProcess {
  const log = openSync(join(folder, `${name}.log`), 'a')
  const environment = { PATH: `${binaries}:${process.env.PATH ?? ''}`, HOME: folder, LANG: 'C.UTF-8' }
  const child = spawn(program, args, {
    ...asPostgres,
    cwd: folder,
    detached: true,
    stdio: ['ignore', log, log],
    env: environment,
  })
  child.unref()
  return child
}
