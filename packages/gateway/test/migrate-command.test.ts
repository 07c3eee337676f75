import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { closing } from '../../../test/support/closing.ts'
import { migrateHelp, runMigration } from '../src/migrate-command.ts'
import type { CommandProcess } from '../src/operator-command.ts'
import { realRuntime } from '../src/runtime.ts'
import { openStorage } from '../src/storage/open-storage.ts'
import { run as runMain } from './main-process.ts'

async function run(place: CommandProcess['place'], ...args: string[]) {
  const texts = { out: '', reported: '' }
  const code = await runMigration(args, {
    runtime: realRuntime,
    place,
    write(text) {
      texts.out += text
    },
    report(text) {
      texts.reported += text
    },
  })
  return { code, ...texts }
}

const nowhere = (): never => {
  throw new Error('the database was looked for')
}

test('help names every option, in Korean and English, and wrong usage leads there', async () => {
  assert.deepEqual(await run(nowhere, '--help'), { code: 0, out: migrateHelp, reported: '' })
  for (const text of ['--dry-run', '--json', '끝 코드 / exit codes']) assert.ok(migrateHelp.includes(text))
  const wrong = await run(nowhere, '--now')
  assert.deepEqual([wrong.code, wrong.out], [2, ''])
  assert.match(wrong.reported, /잘못된 옵션입니다.*--now/)
})

test('pending migrations are named, applied once, and not while a gateway has the data folder', async (t) => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'sspay-migrate-'))
  t.after(() => rm(dataFolder, { recursive: true, force: true, maxRetries: 10 }))
  const here = () => ({ dataFolder })
  const pending = { applied: [], pending: ['0001-schema.sql'], newer: [] }
  const dry = await run(here, '--dry-run', '--json')
  assert.deepEqual([dry.code, JSON.parse(dry.out), dry.reported], [0, pending, ''])
  {
    await using _ = closing(await openStorage({ dataFolder }, { runtime: realRuntime, onError() {} }))
    const refused = await run(here)
    assert.equal(refused.code, 1)
    assert.match(refused.reported, /Another gateway is running on this data folder/)
  }
  const { ended, output } = runMain({ SSPAY_DATA: dataFolder }, 'migrate')
  assert.equal(await ended, 0)
  assert.match(
    output(),
    /0001-schema\.sql: 적용하는 중 .*\n0001-schema\.sql {2}적용했습니다 \/ applied\n테이블이 이 버전에/,
  )
  const again = await run(here)
  assert.deepEqual(again, {
    code: 0,
    out: '테이블이 이 버전에 맞습니다 / the tables are those of this version\n',
    reported: '',
  })
})
