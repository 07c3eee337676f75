import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { createNode, type DatabaseNode } from '../test/cluster/node.ts'
import { ownedByPostgres, requirePrograms, superuser, urlOfPorts } from '../test/cluster/system-postgres.ts'

/** A primary with a standby on loopback, and a node that has none. */
export interface StandbyNodes {
  /** Whose commits wait until the standby has flushed them too. */
  readonly synchronousUrl: string
  /** The same database for a role whose commits wait for the primary's disk alone. */
  readonly localUrl: string
  /** The node without a standby. */
  readonly aloneUrl: string
  /**
   * Resolves when the standby has replayed everything; throws when it follows no more, or when no commit would wait for
   * it.
   */
  untilReplayed(): Promise<void>
  /** Ends them and removes their folder before it returns. */
  close(): void
}

const localRole = 'local_commit'
const withinMs = 60_000

/** They end with this process, whatever ends it. */
export async function startStandbyNodes(): Promise<StandbyNodes> {
  requirePrograms([], 'postgresql')
  const folder = mkdtempSync(join(tmpdir(), 'sspay-standby-'))
  ownedByPostgres(folder)
  const nodes: DatabaseNode[] = []
  const close = (): void => {
    process.off('exit', close)
    for (const node of nodes) node.endNow()
    rmSync(folder, { recursive: true, force: true })
  }
  process.on('exit', close)
  // Without a listener a signal ends the process before its exit handlers.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

  const create = async (name: string, settings: readonly string[] = []): Promise<DatabaseNode> => {
    const node = await createNode(name, folder, settings)
    nodes.push(node)
    return node
  }
  const primary = await create('primary')
  const standby = await create('standby')
  const alone = await create('alone', ['synchronous_standby_names='])
  await primary.start()
  await standby.copyFrom(primary)
  await standby.start()
  await alone.start()
  await untilReplayed(primary)
  await primary.query(`create role ${localRole} login superuser`)
  await primary.query(`alter role ${localRole} set synchronous_commit = local`)

  const synchronousUrl = urlOfPorts([primary.port])
  const localUrl = synchronousUrl.replace(`//${superuser}@`, `//${localRole}@`)
  const aloneUrl = urlOfPorts([alone.port])
  await expectCommits(synchronousUrl, 'on', 'ANY 1 (*)')
  await expectCommits(localUrl, 'local', 'ANY 1 (*)')
  await expectCommits(aloneUrl, 'on', '')
  return { synchronousUrl, localUrl, aloneUrl, untilReplayed: () => untilReplayed(primary), close }
}

interface Replication {
  readonly sync_state: string
  readonly state: string
  readonly has_replayed: boolean | null
}

async function untilReplayed(primary: DatabaseNode): Promise<void> {
  const until = performance.now() + withinMs
  for (;;) {
    const found = await primary.query<Replication>(
      'select sync_state, state, replay_lsn >= pg_current_wal_flush_lsn() as has_replayed from pg_stat_replication',
    )
    const [standby, ...others] = found.filter(({ state }) => state === 'streaming')
    const isSynchronous = standby !== undefined && ['sync', 'quorum'].includes(standby.sync_state)
    if (isSynchronous && others.length === 0 && standby.has_replayed === true) return
    if (performance.now() > until) throw new Error(`the standby does not follow: ${JSON.stringify(found)}`)
    await pause(20)
  }
}

/** Throws when a connection has other settings than are measured. */
async function expectCommits(url: string, commit: string, standbys: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    const { rows } = await client.query<{ commit: string; standbys: string; flush: string }>(
      `select current_setting('synchronous_commit') as commit, current_setting('synchronous_standby_names') as standbys,
         current_setting('fsync') as flush`,
    )
    const [found] = rows
    if (found?.commit !== commit || found.standbys !== standbys || found.flush !== 'on')
      throw new Error(`commits should wait for ${commit} and ${standbys}, but: ${JSON.stringify(found)}`)
  } finally {
    await client.end()
  }
}
