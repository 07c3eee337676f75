import assert from 'node:assert/strict'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const folder = new URL('../../src/payment-window/', import.meta.url)

/** What no buyer should read, with what to write in its place. */
const banned: readonly (readonly [RegExp, string])[] = [
  [/니다(?=[.,'`)<]|$)/, '해요체: 없어요, 했어요, 확인해 주세요'],
  [/니까\?/, '해요체: 할까요?'],
  [/십시오/, '해 주세요'],
  [/(?<!안녕)하세요|마세요|뛰세요/, '해 주세요, 하지 말아 주세요'],
  [/제어 문자|널 문자|이스케이프|인코딩|파라미터|바이트/, '글자와 숫자로 적어 주세요'],
  [/yyMMdd|yyyyMM/i, '생년월일 6자리'],
  [/유효하지 않은|올바르지 않은 형식|형식이 올바르지/, '다시 확인해 주세요'],
  [/세션|토큰|타임아웃|서버|오류 코드/, '시간이 지났어요, 잠시 뒤 다시 시도해 주세요'],
  [/해주세요/, '해 주세요'],
]

/** Legal texts, which keep the voice of a contract. */
const contracts = ['terms-page.ts', 'terms.ts']
/** Texts for the shop's developer. */
const forDevelopers = ['read-request.ts', 'read-registration.ts']

const textsIn = (source: string): readonly string[] =>
  [...source.matchAll(/(?:ko: |return )(['`])(.*?[가-힣].*?)\1(?=[,;} )\n])/g)].map(([, , text = '']) => text)

function faultsIn(file: string, source: string): readonly string[] {
  return textsIn(source)
    .filter((text) => !contracts.includes(file) || text.length < 80)
    .flatMap((text) => banned.filter(([word]) => word.test(text)).map(([, instead]) => `${file}: ${text} → ${instead}`))
}

test('buyers read one voice, 해요체, and no word of a programmer', () => {
  const files = readdirSync(folder).filter((file) => !forDevelopers.includes(file))
  const faults = files.flatMap((file) => faultsIn(file, readFileSync(new URL(file, folder), 'utf8')))
  assert.deepEqual(faults, [])
})

const packages = fileURLToPath(new URL('../../../', import.meta.url))

/** Besides the window: the layer around it, the pages of the checkout, the demo shop. */
const otherPages = [
  'browser/src/layer.ts',
  'gateway/src/design/message-page.ts',
  'merchant/src/checkout/{checkout,form-page}.ts',
  'merchant/src/receive-return.ts',
  'sandbox/src/shop/*.ts',
]
/** Comments of the guide's own page, word for word. */
const guidePage = 'guide-sample-route.ts'

test('so they do in the layer, on the pages of the checkout and in the demo shop', () => {
  const files = globSync(otherPages, { cwd: packages }).filter((file) => !file.endsWith(guidePage))
  assert.ok(files.length > 10)
  assert.deepEqual(
    files.flatMap((file) => otherVoicesIn(file, readFileSync(packages + file, 'utf8'))),
    [],
  )
})

const otherVoices = banned.slice(0, 4).map(([word]) => word)

const otherVoicesIn = (file: string, source: string): readonly string[] =>
  source
    .split('\n')
    .filter((line) => otherVoices.some((word) => word.test(line)))
    .map((line) => `${file}: ${line.trim()}`)

const examples = fileURLToPath(new URL('../../../../examples/', import.meta.url))
/** A comment, or what a developer reads on the console. */
const forShops =
  /^\s*(\/\/|\/?\*|#|"""|\/\*\*)|\b(throw|raise|return new)\b.*(Error|Exception)\b|\b(println|print|console\.log)\(/
/** Settings, which stop the start of a shop. */
const settingsOfShops = /\/settings\.(php|py)$/

const exampleFiles = globSync('**/*.{ts,tsx,js,php,py,java}', {
  cwd: examples,
  exclude: (name) => /node_modules|^\.next$/.test(name),
})

/** The payment service's message, which has another voice, as a part of the shop's sentence. */
const messageInSentence = /결제하지 못했어요\. (\$?\{|["'] ?[.+])/

test('an example shop folds the message of a result code', () => {
  const found = exampleFiles.filter((file) => messageInSentence.test(readFileSync(examples + file, 'utf8')))
  assert.deepEqual(found, [])
  for (const line of [`f'결제하지 못했어요. {note}'`, `'결제하지 못했어요. ' . e($note)`])
    assert.match(line, messageInSentence)
})

test('so they do in every example shop', () => {
  assert.ok(exampleFiles.length > 50)
  const faults = exampleFiles
    .filter((file) => !settingsOfShops.test(file))
    .flatMap((file) => {
      const lines = readFileSync(examples + file, 'utf8').split('\n')
      return otherVoicesIn(file, lines.filter((line) => !forShops.test(line)).join('\n'))
    })
  assert.deepEqual(faults, [])
})

const latin = /[A-Za-z][A-Za-z+-]*/g
/** Names, and the letters that are printed on a card. */
const latinNames = /^(SS-Pay|LG|U\+|SKT|KT|MM|YY|IC|POP|Backspace)$/

const englishIn = (text: string): readonly string[] =>
  text
    .replace(/\$\{[^}]*\}/g, '')
    .match(latin)
    ?.filter((word) => !latinNames.test(word)) ?? []

test('no English word stands in a Korean sentence', () => {
  const files = readdirSync(folder).filter(
    (file) => ![...contracts, ...forDevelopers, 'rejection-page.ts'].includes(file),
  )
  const faults = files.flatMap((file) =>
    textsIn(readFileSync(new URL(file, folder), 'utf8')).flatMap((text) =>
      englishIn(text).map((word) => `${file}: ${word} in ${text}`),
    ),
  )
  assert.deepEqual(faults, [])
  assert.deepEqual(englishIn('TEST 결제'), ['TEST'])
})

test('another voice and a word of a programmer are found', () => {
  assert.equal(faultsIn('x.ts', "const a = { ko: '이름은 제어 문자 없이 입력합니다.', en: '' }").length, 2)
  assert.equal(faultsIn('x.ts', "const a = { ko: '이름을 입력해 주세요.', en: '' }").length, 0)
})
