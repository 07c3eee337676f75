import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { writeArchive } from '../../src/archive/file.ts'
import { verifyArchive } from '../../src/archive/verify.ts'
import { days, everyEnd, withArchiveTest } from './support.ts'

test(
  'whatever is changed in an archive shows',
  withArchiveTest(async (test) => {
    await everyEnd(test)
    test.clock.advance(days(401))
    const [written] = await test.archive()
    const file = join(test.archives, written?.fileName ?? '')
    const packed = await readFile(file)
    const text = gunzipSync(packed).toString()
    const lines = text.trimEnd().split('\n')
    const changedFile = join(test.archives, 'changed.jsonl.gz')
    const verifyBytes = async (bytes: Uint8Array) => {
      await writeFile(changedFile, bytes)
      return verifyArchive(changedFile)
    }
    const verifyText = (changed: string) => verifyBytes(gzipSync(changed))
    assert.equal((await verifyText(text)).damage, undefined)

    assert.match((await verifyText(text.replace('"state":"approved"', '"state":"cancelled"'))).damage ?? '', /content/)
    assert.match(
      (await verifyText([...lines.slice(0, 2), ...lines.slice(3), ''].join('\n'))).damage ?? '',
      /5 payments/,
    )
    assert.match((await verifyText(lines.slice(0, -1).join('\n'))).damage ?? '', /end/)
    assert.match((await verifyText(text.slice(0, -1))).damage ?? '', /last line/)
    assert.match((await verifyText('')).damage ?? '', /no JSON/)
    assert.match((await verifyText('{}\n{"payments":0,"sha256":""}\n')).damage ?? '', /begin/)
    for (const length of [0, 1, 20, Math.floor(packed.length / 2), packed.length - 1])
      assert.notEqual((await verifyBytes(packed.subarray(0, length))).damage, undefined, `${length} bytes`)
    assert.match((await verifyArchive(join(test.archives, 'none'))).damage ?? '', /no such file/)
  }),
)

test(
  'verification finds a forged chain in a well-formed file, and a duplicate payment',
  withArchiveTest(async (test) => {
    const transactionIds = await everyEnd(test)
    test.clock.advance(days(401))
    const [written] = await test.archive()
    const text = gunzipSync(await readFile(join(test.archives, written?.fileName ?? ''))).toString()
    const [, ...lines] = text.trimEnd().split('\n').slice(0, -1)
    const file = join(test.archives, 'forged.jsonl.gz')
    const head = { archive: 'forged', format: 1 as const, changedBefore: '', writtenAt: '' }
    const forgeries: readonly (readonly [string, readonly string[]])[] = [
      ['twice', [...lines, ...lines.slice(0, 1)]],
      ['another time', lines.map((line) => line.replace(/"at":(\d+)/, '"at":1$1'))],
      ['another head', lines.map((line) => line.replace('"event_hash":"', '"event_hash":"0'))],
      ['another state', lines.map((line) => line.replace('"state":"', '"state":"x'))],
      [
        'without events',
        lines.map((line) => line.replace(/"events":\[.*?\],"notifications"/, '"events":[],"notifications"')),
      ],
    ]
    for (const [forgery, changed] of forgeries) {
      await rm(file, { force: true })
      await writeArchive({ file, writer: 'one' }, head, asGenerator(changed))
      const { damage, broken } = await verifyArchive(file)
      assert.equal(damage, undefined)
      assert.equal(broken.length, forgery === 'twice' ? 1 : transactionIds.length, forgery)
    }
  }),
)

async function* asGenerator(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}

test('an archive without payments leaves no file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-archives-'))
  try {
    const file = join(folder, 'empty.jsonl.gz')
    const head = { archive: 'empty', format: 1 as const, changedBefore: '', writtenAt: '' }
    assert.equal((await writeArchive({ file, writer: 'one' }, head, asGenerator([]))).payments, 0)
    assert.match((await verifyArchive(file)).damage ?? '', /no such file/)
    await assert.rejects(
      writeArchive({ file: join(folder, 'none', 'x'), writer: 'one' }, head, asGenerator(['{}'])),
      /ENOENT/,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
