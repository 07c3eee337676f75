import pg from 'pg'

/** On a connection of its own. Resolves with the result of the last statement. */
export async function runSql(url: string, first: string, ...more: readonly string[]): Promise<pg.QueryResult> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    let result = await client.query(first)
    for (const statement of more) result = await client.query(statement)
    return result
  } finally {
    await client.end()
  }
}
