import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { reconcileHelp } from '../../src/reconcile-command.ts'
import { differenceClasses } from '../../src/reconciliation/compare.ts'
import { createTestContext } from '../support.ts'
import { testPlace } from '../test-storage.ts'
import { foundIn, plantDifferences, plantedDay } from './planted-differences.ts'
import { nowhere, run } from './support.ts'

test('every planted difference is found in its class, and no other', async () => {
  await using opened = await createTestContext()
  const { storage } = opened.context
  const file = join(opened.folder, 'acquirer.csv')
  const place = await testPlace(opened.folder)
  const planted = await plantDifferences(storage, file, { payments: 600, differences: 60 })
  const { code, out } = await run('reconcile', () => place, [file, '--day', plantedDay, '--json'])
  assert.equal(code, 1)
  assert.deepEqual([...foundIn(out)].toSorted(), [...planted].toSorted())
  const classes = new Set([...planted].map((one) => one.split(' ')[0]))
  assert.deepEqual([...classes].toSorted(), [...differenceClasses].toSorted())
})
