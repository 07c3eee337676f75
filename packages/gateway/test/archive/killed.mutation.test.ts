import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killAtEvery, stepBySize } from './kill-archiver.ts'
import { withArchiveTest } from './support.ts'

const step = stepBySize.short
const first = 1 + (Date.now() % step)

// Eight kills in a row, 9 to 16, meet a first file whose payments are being deleted: every fifth kill is one of them.
test(
  `the short proof finds an archive that was not durable when its payments were deleted (first kill ${first})`,
  withArchiveTest(async (test) => {
    const killing = killAtEvery(test, { step, first, plantedBug: 'file_not_durable' })
    await assert.rejects(killing, { code: 'ERR_ASSERTION', message: /^killed in front of \d+: nothing is lost/ })
  }),
)
