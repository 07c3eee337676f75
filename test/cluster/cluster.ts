import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createNode, type DatabaseNode } from './node.ts'
import { requirePrograms, urlOfPorts } from './system-postgres.ts'

/**
 * Three nodes on loopback: one primary, and two standbys of which one must have a commit before it is acknowledged. A
 * watch promotes a standby when the primary is gone. In production Patroni or an operator of Kubernetes does what the
 * watch does here.
 */
export interface Cluster {
  /** All hosts, for `SSPAY_DATABASE_URL`. */
  readonly url: string
  primary(): DatabaseNode
  /** Kills the primary; the watch does the rest. Resolves when the others follow the new one. */
  losePrimary(): Promise<void>
  /** The node that was lost comes back as a standby. */
  rejoin(): Promise<void>
  close(): Promise<void>
}

const lookEveryMs = 100
const aliveWithinMs = 500

export async function openCluster(): Promise<Cluster> {
  requirePrograms([], 'postgresql')
  const folder = mkdtempSync(join(tmpdir(), 'sspay-cluster-'))
  chmodSync(folder, 0o777)
  const nodes = await Promise.all(['one', 'two', 'three'].map((name) => createNode(name, folder)))
  const [first, ...others] = nodes as [DatabaseNode, ...DatabaseNode[]]
  await first.start()
  for (const other of others) {
    await other.copyFrom(first)
    await other.start()
  }
  let primary = first
  let lost: DatabaseNode | undefined
  const standbys = (): readonly DatabaseNode[] => nodes.filter((node) => node !== primary && node !== lost)

  /** The watch polls the primary. */
  async function promoteWhenGone(): Promise<void> {
    while (await primary.isAlive(aliveWithinMs)) await pause(lookEveryMs)
    lost = primary
    const positions = await Promise.all(
      standbys().map(async (node) => {
        const [row] = await node.query<{ position: string }>(
          `select pg_last_wal_receive_lsn() - '0/0'::pg_lsn as position`,
        )
        return { node, position: Number(row?.position ?? 0) }
      }),
    )
    // Acknowledged commits are on at least one of the two: on the one that has received more.
    const [next] = positions.toSorted((left, right) => right.position - left.position)
    if (next === undefined) throw new Error('there is no standby')
    await next.node.query('select pg_promote()')
    primary = next.node
    await Promise.all(standbys().map((node) => node.follow(primary)))
  }

  return {
    url: urlOfPorts(nodes.map(({ port }) => port)),
    primary: () => primary,
    async losePrimary() {
      await Promise.all([promoteWhenGone(), primary.kill()])
    },
    async rejoin() {
      const back = lost
      if (back === undefined) return
      await back.rewindTo(primary).catch(() => back.copyFrom(primary))
      await back.start()
      lost = undefined
    },
    async close() {
      await Promise.all(nodes.map((node) => node.kill()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
