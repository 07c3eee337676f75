import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { requirePreparedStatements } from '../../src/storage/postgres-pooler.ts'
import { createStatements } from '../../src/storage/postgres-transaction.ts'

/** What one connection to the server has prepared. */
type Server = Set<string>

type Policy = 'session' | 'last used first' | 'round robin' | 'statements follow'

const failure = (code: string): Error => Object.assign(new pg.DatabaseError('failed', 6, 'error'), { code })

/** Gives each transaction a free connection to the server. A client prepares a statement once, as the driver does. */
function createPooler(policy: Policy, most = 3) {
  const free: Server[] = policy === 'round robin' ? [new Set(), new Set()] : []
  let opened = free.length
  const connectAlone = async (): Promise<pg.Client> => {
    const known = new Set<string>()
    const own: Server = new Set()
    let server = own
    const begin = (): void => {
      if (free.length === 0 && opened++ >= most) throw new Error('Query read timeout')
      server = free.shift() ?? new Set()
    }
    const commit = (): void => {
      if (policy === 'round robin') free.push(server)
      else free.unshift(server)
    }
    const use = (name: string): void => {
      const isPrepared = known.has(name)
      known.add(name)
      if (policy !== 'statements follow' && isPrepared !== server.has(name))
        throw failure(isPrepared ? '26000' : '42P05')
      server.add(name)
    }
    const query = async (query: string | { readonly name: string }): Promise<void> => {
      if (typeof query !== 'string') use(query.name)
      else if (policy !== 'session') ({ begin, commit })[query as 'begin' | 'commit']()
    }
    return { query, end: async () => {} } as never
  }
  return { connectAlone }
}

for (const policy of ['session', 'statements follow'] as const)
  test(`prepared statements are kept: ${policy}`, () => requirePreparedStatements(createPooler(policy)))

for (const policy of ['last used first', 'round robin'] as const)
  test(`a pooler that loses prepared statements is rejected, with the cure: ${policy}`, async () => {
    const rejected = requirePreparedStatements(createPooler(policy))
    await assert.rejects(rejected, /준비된 문장.*\n.*max_prepared_statements above 0/)
  })

test('a pooler of one connection is found out too, and one that is good may have a single connection', async () => {
  await assert.rejects(requirePreparedStatements(createPooler('last used first', 1)), /max_prepared_statements/)
  await requirePreparedStatements(createPooler('statements follow', 1))
})

test('where there is no second connection nothing is said, and any other failure is', async () => {
  const failing = (cause: Error) => ({ connectAlone: () => Promise.reject(cause) })
  await requirePreparedStatements(failing(failure('53300')))
  await assert.rejects(requirePreparedStatements(failing(failure('28P01'))), { code: '28P01' })
})

test('a statement has the same name in every process, whatever it has prepared before', () => {
  const [one, other] = [createStatements(), createStatements()]
  other('select 2', [])
  const { name } = one('select a from t where b = ?1', ['x'])
  assert.equal(other('select a from t where b = ?1', ['y']).name, name)
  assert.notEqual(other('select 2', []).name, name)
  assert.match(String(name), /^[\w-]{22}$/)
})
