import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { repository } from '../source/files.ts'
import { titleInSource } from '../undone-fixes/model.ts'
import { requestRows } from './request-rows.ts'
import { sandboxRows } from './sandbox-rows.ts'
import { shopRows } from './shop-rows.ts'

for (const [did, row] of Object.entries({ ...requestRows, ...shopRows, ...sandboxRows }))
  test(`a developer who ${did}: a test reads cause and cure`, () => {
    const [file, title] = row.test
    const source = readFileSync(join(repository, file), 'utf8')
    assert.match(source, titleInSource(title))
    for (const [part, asserted] of Object.entries(row.text ?? {}))
      assert.ok(source.includes(asserted), `${file} asserts no ${part}: ${asserted}`)
  })
