import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { anyCharacter } from '../../../../test/support/any-character.ts'
import { fullBirthDate, genderOf, type IdentityDraft, matchIdentity, nationalPhone } from '../../src/identity/model.ts'
import { createHttpIdentityVerifier } from '../../src/identity/port.ts'
import { readIdentityDraft } from '../../src/identity/read-draft.ts'
import { realRuntime } from '../../src/runtime.ts'

const now = new Date('2025-01-02T03:04:05+09:00')

const draft: IdentityDraft = {
  name: '홍길동',
  birthDate: '900117',
  genderDigit: '1',
  carrier: 'SKT',
  phone: '01077778888',
}

for (const [given, national] of [
  ['01077778888', '01077778888'],
  ['010-7777-8888', '01077778888'],
  ['010 7777 8888', '01077778888'],
  ['+82 10-7777-8888', '01077778888'],
  ['+82 (0)10 7777 8888', '01077778888'],
  ['+821077778888', '01077778888'],
  ['(+82) 10.7777.8888', '01077778888'],
  ['0082-10-7777-8888', '01077778888'],
  ['008201077778888', '01077778888'],
  ['０１０７７７７８８８８', '01077778888'],
  ['＋８２１０７７７７８８８８', '01077778888'],
  ['', ''],
  ['+', ''],
] as const) {
  test(`the phone ${JSON.stringify(given)} is ${national}`, () => assert.equal(nationalPhone(given), national))
}

const person = { name: '홍길동', phone: '01077778888' }
const same = { buyerName: ' 홍 길동', buyerPhone: '+82 10-7777-8888' }
const otherName = { ...same, buyerName: '홍길순' }
const otherPhone = { ...same, buyerPhone: '01077778889' }
const other = { ...otherName, buyerPhone: otherPhone.buyerPhone }

for (const [option, bySame, byName, byPhone, byBoth] of [
  ['none', 'matches', 'matches', 'matches', 'matches'],
  ['name', 'matches', 'name_differs', 'matches', 'name_differs'],
  ['phone', 'matches', 'matches', 'phone_differs', 'phone_differs'],
  ['name-and-phone', 'matches', 'name_differs', 'phone_differs', 'both_differ'],
] as const) {
  test(`option ${option} compares only its fields`, () => {
    assert.equal(matchIdentity(option, person, same), bySame)
    assert.equal(matchIdentity(option, person, otherName), byName)
    assert.equal(matchIdentity(option, person, otherPhone), byPhone)
    assert.equal(matchIdentity(option, person, other), byBoth)
  })
}

test('names compare in NFC, ignoring spaces, case-sensitively', () => {
  const match = (name: string, buyerName: string) => matchIdentity('name', { ...person, name }, { ...same, buyerName })
  assert.equal(match('홍길동'.normalize('NFD'), '홍길동'), 'matches')
  assert.equal(match('KIM MINSU', 'KIM\u3000MIN SU'), 'matches')
  assert.equal(match('Kim', 'KIM'), 'name_differs')
})

test('a valid draft is read, the phone in its national form', () => {
  assert.deepEqual(readIdentityDraft({ ...draft, name: ' 홍길동 ', phone: '+82 10-7777-8888' }, now), {
    ok: true,
    draft,
  })
})

const problems: readonly [field: keyof IdentityDraft, value: string | undefined][] = [
  ['name', undefined],
  ['name', '  '],
  ['name', '홍'.repeat(31)],
  ['name', '홍\u0000길동'],
  ['name', '홍\r\n길동'],
  ['birthDate', undefined],
  ['birthDate', '90011'],
  ['birthDate', '9001177'],
  ['birthDate', '900230'],
  ['birthDate', '901301'],
  ['birthDate', '9001１7'],
  ['genderDigit', undefined],
  ['genderDigit', '0'],
  ['genderDigit', '9'],
  ['genderDigit', '12'],
  ['carrier', undefined],
  ['carrier', 'skt'],
  ['carrier', 'LG'],
  ['phone', undefined],
  ['phone', '021234567'],
  ['phone', '0107777888'],
  ['phone', '010777788889'],
  ['phone', '01277778888'],
  ['phone', '+1 212 555 0100'],
]

for (const [field, value] of problems) {
  test(`${field} ${JSON.stringify(value)} is rejected in both languages, without the value`, () => {
    const read = readIdentityDraft({ ...draft, [field]: value }, now)
    assert.ok(!read.ok)
    assert.deepEqual(
      read.problems.map((problem) => problem.field),
      [field],
    )
    for (const { ko, en } of read.problems) {
      assert.match(ko, /[가-힣]/)
      assert.match(en, /^[\x20-\x7E알뜰]+$/)
      if (value !== undefined && value.length > 3) assert.ok(!`${ko}${en}`.includes(value))
    }
  })
}

test('an empty form names every field once', () => {
  const read = readIdentityDraft({}, now)
  assert.ok(!read.ok)
  assert.deepEqual(
    read.problems.map(({ field }) => field),
    ['name', 'birthDate', 'genderDigit', 'carrier', 'phone'],
  )
})

for (const [birthDate, genderDigit, full] of [
  ['000229', '3', '20000229'],
  ['000229', '1', undefined],
  ['250102', '4', '20250102'],
  ['250103', '4', undefined],
  ['250103', '2', '19250103'],
  ['900117', '5', '19900117'],
  ['050117', '7', '20050117'],
  ['050117', '8', '20050117'],
] as const) {
  test(`${birthDate}-${genderDigit} is ${full ?? 'no birth date yet'}`, () => {
    const read = readIdentityDraft({ ...draft, birthDate, genderDigit }, now)
    assert.equal(read.ok ? fullBirthDate(read.draft) : undefined, full)
  })
}

test('reading a draft never throws', () => {
  const anyText = fc.option(fc.string({ unit: anyCharacter }), { nil: undefined })
  fc.assert(
    fc.property(
      fc.record({ name: anyText, birthDate: anyText, genderDigit: anyText, phone: anyText, carrier: anyText }),
      (given) => {
        readIdentityDraft(given as Parameters<typeof readIdentityDraft>[0], now)
      },
    ),
  )
})

test('odd digits are male, even ones female', () => {
  const genders = [...'12345678'].map((genderDigit) => genderOf({ genderDigit }))
  assert.deepEqual(genders, ['male', 'female', 'male', 'female', 'male', 'female', 'male', 'female'])
})

let server: Server
let url: string
let received: { path: string | undefined; body: unknown }[] = []
let reply: { status: number; body: string } | 'silence' = 'silence'

before(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    received.push({ path: request.url, body: JSON.parse(Buffer.concat(chunks).toString()) })
    if (reply !== 'silence') response.writeHead(reply.status, { location: 'http://127.0.0.1:1/' }).end(reply.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/identity`
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const lines: string[] = []
const log = {
  info() {},
  error() {},
  warn: (event: string, fields = {}) => void lines.push(JSON.stringify({ event, ...fields })),
}

/** The time-out is for silence only. */
const verifier = () =>
  createHttpIdentityVerifier({ runtime: realRuntime, log }, url, reply === 'silence' ? 500 : 60_000)
const answering = (json: unknown, status = 200) => {
  received = []
  reply = { status, body: typeof json === 'string' ? json : JSON.stringify(json) }
}

test('a code is requested with name, full birth date, gender, carrier and phone', async () => {
  answering({ verificationId: 'v1', more: 1 })
  assert.deepEqual(await verifier().sendCode(draft), { ok: true, verificationId: 'v1' })
  assert.deepEqual(received, [
    {
      path: '/identity/codes',
      body: { name: '홍길동', birthDate: '19900117', gender: 'male', carrier: 'SKT', phone: '01077778888' },
    },
  ])
})

test('details that do not match the carrier’s record are rejected', async () => {
  answering({ result: 'rejected' })
  assert.deepEqual(await verifier().sendCode(draft), { ok: false, reason: 'rejected' })
})

for (const result of ['wrong', 'expired'] as const) {
  test(`the code is ${result}`, async () => {
    answering({ result })
    assert.deepEqual(await verifier().checkCode({ verificationId: 'v1', code: '123456' }), { result })
    assert.deepEqual(received, [{ path: '/identity/codes/check', body: { verificationId: 'v1', code: '123456' } }])
  })
}

const verifiedPerson = {
  name: '홍길동',
  birthDate: '19900117',
  gender: 'male',
  phone: '01077778888',
  ci: 'q1W2e3R4t5Y6u7I8o9P0q1W2e3R4t5Y6u7I8o9P0q1W2e3R4t5Y6u7I8o9P0q1W2e3R4t5Y6u7I8o9P0==',
}

test('the person is the agency’s answer, not the buyer’s input', async () => {
  answering({ result: 'verified', ...verifiedPerson, phone: '+82 10-7777-8888', more: 1 })
  assert.deepEqual(await verifier().checkCode({ verificationId: 'v1', code: '123456' }), {
    result: 'verified',
    person: verifiedPerson,
  })
})

for (const [name, value] of [
  ['ci', undefined],
  ['ci', ''],
  ['ci', 'x'.repeat(201)],
  ['ci', 'two lines\nof text'],
  ['ci', 123],
  ['name', undefined],
  ['name', '   '],
  ['birthDate', '900117'],
  ['birthDate', '19901317'],
  ['gender', '1'],
  ['phone', '0212345678'],
] as const) {
  test(`verified with ${name} ${JSON.stringify(value)?.slice(0, 30)} counts as unreachable, and is logged without the value`, async () => {
    lines.length = 0
    answering({ result: 'verified', ...verifiedPerson, [name]: value })
    assert.deepEqual(await verifier().checkCode({ verificationId: 'v1', code: '123456' }), { result: 'unreachable' })
    assert.deepEqual(lines, [JSON.stringify({ event: 'identity_answer_invalid', broken: name })])
  })
}

test('a text message goes to the phone, and only a valid answer counts as accepted', async () => {
  const message = { phone: '01077778888', kind: 'password_reset' } as const
  answering({ result: 'accepted' })
  assert.equal(await verifier().sendMessage(message), true)
  assert.deepEqual(received, [{ path: '/identity/messages', body: message }])
  answering({ result: 'accepted' }, 503)
  assert.equal(await verifier().sendMessage(message), false)
  answering({})
  assert.equal(await verifier().sendMessage(message), false)
})

for (const [name, answer] of [
  ['an error status', () => answering({ result: 'verified', verificationId: 'v1' }, 500)],
  ['a redirect', () => answering({ result: 'verified', verificationId: 'v1' }, 302)],
  ['no JSON', () => answering('<html>')],
  ['another JSON', () => answering([])],
  ['null', () => answering('null')],
  ['an unknown result', () => answering({ result: 'maybe', verificationId: '' })],
  [
    'silence',
    () => {
      reply = 'silence'
    },
  ],
] as const) {
  test(`${name} counts as unreachable`, async () => {
    answer()
    assert.deepEqual(await verifier().checkCode({ verificationId: 'v1', code: '123456' }), { result: 'unreachable' })
    assert.deepEqual(await verifier().sendCode(draft), { ok: false, reason: 'unreachable' })
  })
}

test('a closed port counts as unreachable', async () => {
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address() as AddressInfo
  closed.close()
  const nobody = createHttpIdentityVerifier({ runtime: realRuntime, log }, `http://127.0.0.1:${port}`, 60_000)
  assert.deepEqual(await nobody.checkCode({ verificationId: 'v1', code: '123456' }), { result: 'unreachable' })
})
