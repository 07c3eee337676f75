import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openRootKeys } from '../../src/root-key.ts'
import { rotationHelp, runRotation } from '../../src/rotate-command.ts'
import { realRuntime } from '../../src/runtime.ts'
import { Secret } from '../../src/secret.ts'
import { environmentFor, listeningUrl, run as runGateway } from '../main-process.ts'
import { newKey, openWith } from './support.ts'

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-rotate-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  return folder
}

async function run(folder: string, ...args: string[]) {
  let [out, reported] = ['', '']
  const code = await runRotation(args, {
    runtime: realRuntime,
    place: () => ({ dataFolder: folder }),
    rootKeys: () => openRootKeys(realRuntime, join(folder, 'keys', 'root.key'), { isReadableAllowed: false }),
    write: (text) => {
      out += text
    },
    report: (text) => {
      reported += text
    },
  })
  return { code, out, reported }
}

test('help names every option, the order and the exit codes, in Korean and English', async (t) => {
  const { code, out } = await run(await temporaryFolder(t), '--help')
  assert.deepEqual([code, out], [0, rotationHelp])
  for (const text of ['--dry-run', '--json', '순서 / in this order', '끝 코드 / exit codes'])
    assert.ok(out.includes(text))
})

test('a wrong option is wrong usage; a folder without a database is rejected', async (t) => {
  const folder = await temporaryFolder(t)
  const usage = await run(folder, '--all')
  assert.equal(usage.code, 2)
  assert.match(usage.reported, /--all[\s\S]*sspay-gateway rotate-root-key --help/)
  const rejected = await run(folder)
  assert.deepEqual([rejected.code, /There is no database/.test(rejected.reported)], [1, true])
})

async function openAndClose(folder: string, key: string): Promise<void> {
  const unreachable = { runtime: realRuntime, network: { url: 'http://127.0.0.1:1' } }
  await (await openWith(unreachable, folder, new Secret(key))).close()
}

test('an operator replaces the root key of a gateway while it serves', async (t) => {
  const folder = await temporaryFolder(t)
  const file = join(folder, 'keys', 'root.key')
  const oldText = (await openRootKeys(realRuntime, file, { isReadableAllowed: false })).current.expose()
  const newText = newKey.expose()
  await openAndClose(folder, oldText)

  const oneKey = await run(folder)
  assert.deepEqual([oneKey.code, /one root key only/.test(oneKey.reported)], [1, true])
  await writeFile(file, `${newText}\n${oldText}\n`)
  const early = await run(folder)
  assert.deepEqual([early.code, /No gateway encrypts with the new key/.test(early.reported)], [1, true])

  const serving = runGateway(environmentFor(folder))
  t.after(async () => {
    serving.child.kill('SIGKILL')
    await serving.ended
  })
  const url = await listeningUrl(serving)
  assert.match(serving.output(), /"encryptsWith":"[0-9a-f]{8}","decryptsToo":"[0-9a-f]{8}","event":"root_key_replaced"/)
  for (const secret of [oldText, newText]) assert.ok(!serving.output().includes(secret))
  assert.equal((await run(folder, '--dry-run')).code, 0)
  const rotating = runGateway(environmentFor(folder), 'rotate-root-key', '--json')
  assert.equal(await rotating.ended, 0, rotating.output())
  assert.equal(JSON.parse(rotating.output()).left, 0)
  assert.equal(await (await fetch(`${url}/readyz`)).text(), 'ready\n')
  const words = await run(folder)
  assert.match(words.out, /no row is left under [0-9a-f]{8}, all are under [0-9a-f]{8}\n$/)
  serving.child.kill('SIGTERM')
  assert.equal(await serving.ended, 0)

  await openAndClose(folder, newText)
  await assert.rejects(openAndClose(folder, oldText), /The root key [0-9a-f]{8} was replaced on/)
})
