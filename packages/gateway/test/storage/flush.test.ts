import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const sqliteModule = new URL('../../src/storage/sqlite.ts', import.meta.url).href

/** How often a program with these transactions flushes to disk, from opening the file to its end without closing it. */
async function countFlushes(transactions: { readonly inSequence: number; readonly together: number }): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-flush-'))
  const program = `
    import { openSqlite } from ${JSON.stringify(sqliteModule)}
    const storage = await openSqlite(${JSON.stringify(join(folder, 'flush.db'))})
    await storage.transact((t) => t.write('create table notes (id text)'))
    const insert = () => storage.transact((t) => t.write("insert into notes (id) values ('a')"))
    for (let index = 0; index < ${transactions.inSequence}; index++) await insert()
    await Promise.all(Array.from({ length: ${transactions.together} }, insert))
    process.kill(process.pid, 'SIGKILL')`
  const trace = join(folder, 'trace')
  const node = [process.execPath, '--input-type=module', '--eval', program]
  spawnSync('strace', ['-f', '-qq', '-e', 'trace=fsync,fdatasync', '-o', trace, ...node])
  const calls = (await readFile(trace, 'utf8')).match(/f(data)?sync\(/g) ?? []
  await rm(folder, { recursive: true, force: true })
  return calls.length
}

const canTrace = spawnSync('strace', ['-qq', '-o', '/dev/null', process.execPath, '--version']).status === 0
const skip = canTrace ? false : 'strace is not there or may not trace'

test('each acknowledged transaction was flushed; 64 that wait together share a flush', { skip }, async () => {
  const idle = await countFlushes({ inSequence: 0, together: 0 })
  assert.equal((await countFlushes({ inSequence: 10, together: 0 })) - idle, 10)
  assert.equal((await countFlushes({ inSequence: 0, together: 64 })) - idle, 1)
})
