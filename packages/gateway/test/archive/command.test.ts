import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { approve } from '../../src/approval/approve.ts'
import { archiveHelp, runArchive } from '../../src/archive-command.ts'
import { openGateway } from '../../src/open-gateway.ts'
import type { CommandProcess } from '../../src/operator-command.ts'
import { realRuntime } from '../../src/runtime.ts'
import { Secret } from '../../src/secret.ts'
import { authenticatedPayment, createApprovalTest } from '../approval/support.ts'
import { createTestContext, testRootKey, testSettings } from '../support.ts'
import { days } from './support.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

interface Ran {
  readonly code: number
  readonly out: string
  readonly reported: string
}

async function run(place: () => ReturnType<CommandProcess['place']>, ...args: string[]): Promise<Ran> {
  let [out, reported] = ['', '']
  const code = await runArchive(args, {
    runtime: realRuntime,
    place,
    write: (text) => {
      out += text
    },
    report: (text) => {
      reported += text
    },
  })
  return { code, out, reported }
}

const nowhere = (): never => {
  throw new Error('the database was looked for')
}

const wrong: readonly (readonly [args: readonly string[], says: RegExp])[] = [
  [[], /--to: 파일을 둘 폴더가 없습니다/],
  [
    ['--to', tmpdir(), '--older-than', '364d'],
    /364d: 상점이 아직 취소할 수 있는 결제입니다. 365d부터 됩니다. Shops may still/,
  ],
  [['--to', tmpdir(), '--older-than', '1d'], /365d/],
  [['--to', tmpdir(), '--older-than', '400'], /400: 날수와 d로/],
  [['--to', tmpdir(), '--older-than', '0d'], /0d: 날수와 d로/],
  [['--to', tmpdir(), '--most', '0'], /--most 0: 1 이상/],
  [['--to', tmpdir(), 'more'], /more: 필요 없는 값입니다/],
  [['--too', tmpdir()], /잘못된 옵션입니다.*--too/],
  [['--verify'], /--verify: 확인할 파일이 없습니다/],
]

for (const [args, says] of wrong) {
  test(`wrong usage: archive ${args.join(' ').replace(tmpdir(), 'FOLDER')}`, async () => {
    const { code, out, reported } = await run(nowhere, ...args)
    assert.deepEqual([code, out], [2, ''])
    assert.match(reported, says)
    assert.match(reported, /sspay-gateway archive --help/)
  })
}

test('help names every option, in Korean and English', async () => {
  const { code, out } = await run(nowhere, '--help')
  assert.deepEqual([code, out], [0, archiveHelp])
  for (const option of ['--to', '--older-than', '--most', '--dry-run', '--verify', '--json'])
    assert.ok(out.includes(option))
  assert.match(out, /끝 코드 \/ exit codes/)
})

async function migrateToAnotherVersion(folder: string): Promise<void> {
  await using opened = await createTestContext({ folder })
  await opened.context.storage.transact((transaction) =>
    transaction.write("insert into schema_migrations (version, name) values (9999, 'later')"),
  )
}

test('a missing folder, a missing database and a database of another version are rejected with the reason', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-test-'))
  const place = () => ({ dataFolder: folder })
  try {
    assert.match((await run(place, '--to', join(folder, 'none'))).reported, /폴더가 없습니다. There is no such folder/)
    const missing = await run(place, '--to', folder)
    assert.deepEqual([missing.code, /There is no database/.test(missing.reported)], [1, true])
    assert.deepEqual(await readdir(folder), [])
    await migrateToAnotherVersion(folder)
    const other = await run(place, '--to', folder)
    assert.deepEqual([other.code, /version 9999/.test(other.reported)], [1, true])
    await writeFile(join(folder, 'gateway.db'), '')
    assert.match((await run(place, '--to', folder)).reported, /Not an sspay gateway database/)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

async function payOldPayments(folder: string, count: number): Promise<void> {
  await using opened = await createApprovalTest({ folder, now: new Date(realRuntime.now().getTime() - days(401)) })
  for (let paid = 0; paid < count; paid++) await approve(opened.gateway, await authenticatedPayment(opened.gateway))
}

/** A data folder with approved payments of more than 400 days ago. */
async function withOldPayments(
  count: number,
  work: (folder: string, archives: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-test-'))
  const archives = await mkdtemp(join(tmpdir(), 'sspay-archives-'))
  try {
    await payOldPayments(folder, count)
    await work(folder, archives)
  } finally {
    await rm(folder, { recursive: true, force: true })
    await rm(archives, { recursive: true, force: true })
  }
}

async function runMain(args: readonly string[], folder: string): Promise<Ran> {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    env: { PATH, NODE_COMPILE_CACHE, SSPAY_DATA: folder },
  })
  let [out, reported] = ['', '']
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    reported += text
  })
  const [code] = await once(child, 'close')
  return { code, out, reported }
}

test('while a gateway serves the folder: counted, archived, verified', async () => {
  await withOldPayments(150, async (folder, archives) => {
    const gateway = await openGateway({
      place: { dataFolder: folder },
      rootKey: new Secret(testRootKey),
      settings: testSettings,
      cardNetworkUrl: 'http://127.0.0.1:1',
      identityUrl: 'http://127.0.0.1:1',
      logDestination: 'stdout',
    })
    try {
      const counted = await runMain(['archive', '--dry-run', '--json'], folder)
      assert.equal(counted.code, 0, counted.reported)
      const { payments, olderThanDays } = JSON.parse(counted.out)
      assert.deepEqual([payments, olderThanDays, await readdir(archives)], [150, 400, []])

      const archived = await runMain(['archive', '--to', archives, '--json'], folder)
      assert.equal(archived.code, 0, archived.reported)
      const [file] = JSON.parse(archived.out).files
      assert.deepEqual([file.payments, file.removed, file.stayed], [150, 150, 0])
      const [left] = await gateway.context.storage.read('select count(*) as count from payments')
      assert.equal(left?.count, 0)

      const verified = await runMain(['archive', '--verify', join(archives, file.fileName)], folder)
      assert.deepEqual([verified.code, /온전합니다 \/ whole: 150건/.test(verified.out)], [0, true])
      const again = await runMain(['archive', '--to', archives], folder)
      assert.deepEqual([again.code, again.out], [0, '0건을 옮겼습니다 / payments archived\n'])
    } finally {
      await gateway.close()
    }
  })
})

test('a file that is not whole: exit code 1', async () => {
  const { code, out } = await run(nowhere, '--verify', main, '--json')
  assert.equal(code, 1)
  assert.match(JSON.parse(out)[0].damage, /decompressed/)
  assert.match((await run(nowhere, '--verify', main)).out, /온전하지 않습니다 \/ not whole/)
})

test('a gateway whose clock has fallen behind the archived payments does not start', async () => {
  await withOldPayments(1, async (folder, archives) => {
    assert.equal((await run(() => ({ dataFolder: folder }), '--to', archives)).code, 0)
    const open = (now: Date) =>
      openGateway({
        place: { dataFolder: folder },
        rootKey: new Secret(testRootKey),
        settings: testSettings,
        cardNetworkUrl: 'http://127.0.0.1:1',
        identityUrl: 'http://127.0.0.1:1',
        logDestination: 'stdout',
        runtime: { ...realRuntime, now: () => now },
      })
    await assert.rejects(open(new Date('2020-01-01')), /The clock says 2020-01-01T00:00:00.000Z.*archived/)
    await (await open(realRuntime.now())).close()
  })
})
