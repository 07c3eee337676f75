import assert from 'node:assert/strict'
import { test } from 'node:test'
import { someOfStart } from './choose-points.ts'
import { killFirstStarts } from './kill-first-starts.ts'

const bug = 'commits_each_statement_of_a_migration'

test(`the short proof finds a gateway that ${bug}`, async (t) => {
  const { failures } = await killFirstStarts((points) => someOfStart(points, Date.now()), bug)
  for (const { point, cause } of failures) t.diagnostic(`${point}: ${cause}`)
  const decisive = failures.find(({ point }) => point === 'start/storage-2/after')
  assert.match(String(decisive?.cause), /no such table/)
})
