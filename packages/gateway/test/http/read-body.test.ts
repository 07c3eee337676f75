import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { readForm, readJson, readJsonOrForm } from '../../src/http/read-body.ts'

const limit = 1000

const post = (body: string | Uint8Array | undefined, contentType = ''): Request =>
  new Request('http://gateway.example/', {
    method: 'POST',
    ...(body === undefined ? {} : { body }),
    headers: contentType === '' ? {} : { 'content-type': contentType },
  })

const readable: readonly (readonly [what: string, body: string, contentType: string])[] = [
  ['JSON as JSON', '{"Tid":"1","TrAuthKey":"k"}', 'application/json'],
  ['JSON as text', '{"Tid":"1","TrAuthKey":"k"}', 'text/plain'],
  ['JSON that says it is a form', ' \r\n{"Tid":1,"TrAuthKey":"k"}', 'application/x-www-form-urlencoded'],
  ['JSON with a byte order mark', '\uFEFF{"Tid":"1","TrAuthKey":"k"}', ''],
  ['JSON with another key order and unknown keys', '{"new":null,"TrAuthKey":"k","Tid":"1"}', ''],
  ['a form', 'Tid=1&TrAuthKey=k', 'application/x-www-form-urlencoded'],
  ['a form that says it is JSON', 'Tid=1&TrAuthKey=k', 'application/json'],
]

for (const [what, body, contentType] of readable) {
  test(`${what} is read`, async () => {
    const read = await readJsonOrForm(post(body, contentType), limit)
    assert.ok(read.ok)
    assert.deepEqual([read.fields.Tid, read.fields.TrAuthKey], ['1', 'k'])
  })
}

for (const [what, body] of [
  ['nothing', undefined],
  ['blanks', '   '],
  ['broken JSON', '{"Tid":'],
  ['a JSON array', '[{"Tid":"1"}]'],
  ['JSON with depth', '{"Tid":{"a":1}}'],
] as const) {
  test(`${what} is unreadable`, async () => {
    const read = await readJsonOrForm(post(body), limit)
    assert.ok(!read.ok && read.reason === 'body_unreadable')
    assert.match(read.explanation?.words.ko ?? '', /보내세요|확인하/)
  })
}

test('a body beyond the limit is rejected, with and without its length announced', async () => {
  const large = new Uint8Array(limit + 1)
  const streamed = new Request('http://gateway.example/', {
    method: 'POST',
    body: new Blob([large]).stream(),
    duplex: 'half',
  } as RequestInit)
  const announced = new Request('http://gateway.example/', {
    method: 'POST',
    body: large,
    headers: { 'content-length': String(large.length) },
  })
  for (const request of [streamed, announced]) {
    assert.deepEqual(await readForm(request, limit), { ok: false, reason: 'body_too_large' })
  }
  assert.equal((await readForm(post(new Uint8Array(limit)), limit)).ok, true)
})

test('a form in EUC-KR and one in UTF-8 arrive the same', async () => {
  const percent = (bytes: Uint8Array): string =>
    [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  for (const charset of ['euc-kr', 'utf-8'] as const) {
    const body = `GoodsName=${percent(iconv.encode('똠방각하 펲시', charset === 'euc-kr' ? 'cp949' : 'utf-8'))}&a=1&a=2`
    const read = await readForm(post(body, `application/x-www-form-urlencoded; charset=${charset}`), limit)
    assert.ok(read.ok)
    assert.deepEqual([read.fields.GoodsName, read.charset, read.repeated], ['똠방각하 펲시', charset, ['a']])
  }
})

test('reading never throws, whatever the bytes and the content type', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom('', 'application/json', 'x/y; charset=euc-kr'),
      async (bytes, type) => {
        for (const read of [readForm, readJson, readJsonOrForm]) {
          assert.equal(typeof (await read(post(bytes, type), limit)).ok, 'boolean')
        }
      },
    ),
  )
})
