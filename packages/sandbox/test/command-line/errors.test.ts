import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Ran, run, type Typing } from './support.ts'

let folder: string
const temporary = process.env.TMPDIR
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sspay-errors-'))
  await writeFile(join(folder, 'file'), '{}')
  await mkdir(join(folder, 'sub'))
})
after(() => rm(folder, { recursive: true, force: true }))

/** `%` is the folder of this file. */
async function type(line: string, typing: Typing = {}): Promise<Ran> {
  return run(
    line.split(' ').map((word) => word.replace('%', folder)),
    typing,
  )
}

interface Wrong {
  readonly line: string
  readonly environment?: Readonly<Record<string, string>>
  readonly exitCode: number
  readonly ko: RegExp
  readonly en: RegExp
}

const wrong: readonly Wrong[] = [
  {
    line: 'sandbox --data %/file',
    exitCode: 1,
    ko: /\/file: 폴더가 있어야 할 자리에 파일이 있습니다\(EEXIST\).*--data FOLDER, SSPAY_DATA/,
    en: /\/file: a file stands where a folder must be.*--data FOLDER, SSPAY_DATA/,
  },
  {
    line: 'sandbox --data %/file/sub',
    exitCode: 1,
    ko: /\/file\/sub: 폴더가 있어야 할 자리에 파일이 있습니다\(ENOTDIR\)/,
    en: /a file stands where a folder must be \(ENOTDIR\)/,
  },
  {
    line: 'sandbox',
    environment: { SSPAY_SHOP_PORT: '5000', SSPAY_CONSOLE_PORT: '5000' },
    exitCode: 2,
    ko: /^SSPAY_CONSOLE_PORT: SSPAY_SHOP_PORT와 같은 포트\(5000\)입니다. 서로 다른 포트를/,
    en: /the same port as SSPAY_SHOP_PORT \(5000\). Choose different/,
  },
  { line: 'init express %/file', exitCode: 2, ko: /폴더가 아닙니다. 새 폴더의 이름을/, en: /Name a new folder/ },
  {
    line: 'init express %/file/shop',
    exitCode: 1,
    ko: /파일이 있습니다\(ENOTDIR\).*다른 폴더를 지정하세요/,
    en: /name another folder/,
  },
  {
    line: 'init express %/shop --tarballs %/file',
    exitCode: 1,
    ko: /\/file: 폴더가 있어야 할 자리에/,
    en: /\/file: a file stands where a folder must be/,
  },
  {
    line: 'explain S002 --key-file %/none',
    exitCode: 2,
    ko: /^--key-file .*\/none: 없는 파일입니다. 이름과 지금 폴더/,
    en: /no such file. Check its name/,
  },
  { line: 'explain %/sub', exitCode: 2, ko: /\/sub: 폴더입니다. 그 안의 파일/, en: /is a folder: name a file in it/ },
  { line: 'sign encrypt %/none --sandbox', exitCode: 2, ko: /없는 파일입니다. 이름과 지금 폴더/, en: /Check its name/ },
  {
    line: 'check-window --inventory %/none',
    exitCode: 2,
    ko: /^--inventory .*없는 파일입니다. 이름과/,
    en: /no such file. Check its name/,
  },
  {
    line: 'check-window --inventory %/file',
    exitCode: 2,
    ko: /스크립트 목록이 아닙니다. 게이트웨이의 \S+ 를 저장한 파일을 주세요/,
    en: /Give a saved copy of/,
  },
  {
    line: 'notifications list --console http://127.0.0.1:1',
    exitCode: 3,
    ko: /샌드박스가 응답하지 않습니다.*npm start/,
    en: /No sandbox answers.*npm start/,
  },
  {
    line: 'pay --gateway http://127.0.0.1:1',
    exitCode: 3,
    ko: /응답이 없습니다.*SSPAY_GATEWAY_PORT/,
    en: /does not answer.*SSPAY_GATEWAY_PORT/,
  },
]
for (const { line, environment, exitCode, ko, en } of wrong)
  test(`cause and cure in each language: sspay ${line}`, async () => {
    for (const [language, expected] of [
      ['ko', ko],
      ['en', en],
    ] as const) {
      const ran = await type(line, { environment: { SSPAY_LANG: language, ...environment } })
      assert.equal(ran.exitCode, exitCode, ran.errors)
      assert.match(ran.errors + ran.output, expected)
    }
    const { errors, output } = await type(line, { ...(environment && { environment }) })
    assert.doesNotMatch(errors + output, /already exists|not a directory|no such file or directory|illegal operation/)
  })

test('a temporary sandbox without a folder for it says where else', async (t) => {
  t.after(() => {
    if (temporary === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = temporary
  })
  process.env.TMPDIR = join(folder, 'none')
  const { exitCode, output } = await type('pay', { environment: { SSPAY_GATEWAY_PORT: '1', SSPAY_CONSOLE_PORT: '1' } })
  assert.equal(exitCode, 3)
  assert.match(output, /\/none\/sspay-pay-\w*: 없습니다\(ENOENT\).*다른 임시 폴더를 지정하세요\(TMPDIR/)
})
