import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memberDeletionRequest, paymentRequest, sealedEnvelope } from '../src/index.ts'

const rows: FieldRows = {
  ...paymentRequest,
  EncData: sealedEnvelope.EncData,
  VerifyValue: memberDeletionRequest.VerifyValue,
}
type FieldRows = Readonly<Record<string, { readonly format: { read(text: string): unknown } } | undefined>>

const read = (wireName: string, text: string): unknown => {
  const row = rows[wireName]
  assert.ok(row, wireName)
  return row.format.read(text)
}

const accepted: readonly (readonly [wireName: string, text: string, value: unknown])[] = [
  ['Amt', '0', 0],
  ['Amt', '1004', 1004],
  ['Amt', '999999999999', 999_999_999_999],
  ['GoodsCnt', '99', 99],
  ['CardQuota', '00', 0],
  ['CardQuota', '12', 12],
  ['PopCheck', 'N', false],
  ['Moid', 'Moid_20210118154643', 'Moid_20210118154643'],
  ['SspMallId', 'SMTSSPAY0pSMTSSPAY0p', 'SMTSSPAY0pSMTSSPAY0p'],
  ['EncodingType', 'utf8', 'utf-8'],
  ['EncodingType', 'UTF-8', 'utf-8'],
  ['EncodingType', 'euckr', 'euc-kr'],
  ['EncodingType', 'EUC-KR', 'euc-kr'],
  ['SkinColor', 'BLUE', 'BLUE'],
  ['SkinColor', 'green', 'GREEN'],
  ['SkinColor', 'PINK', 'RED'],
  ['TaxCd', '**', '**'],
  ['BuyerTel', '+82 10-1234-5678', '+82 10-1234-5678'],
  ['UserIp', '0:0:0:0:0:0:0:1', '0:0:0:0:0:0:0:1'],
  ['ReturnUrl', 'HTTPS://shop.example/a?b=c#d', 'HTTPS://shop.example/a?b=c#d'],
  ['ReturnUrl', 'http://쇼핑.example/결과', 'http://쇼핑.example/결과'],
  ['EncData', 'AAAA\r\nBB BB==', 'AAAA\r\nBB BB=='],
]

for (const [wireName, text, value] of accepted) {
  test(`${wireName} reads ${JSON.stringify(text)}`, () => assert.deepEqual(read(wireName, text), value))
}

const rejected: Readonly<Record<string, readonly string[]>> = {
  Amt: ['-1', '1,000', '1e3', '1004.0', '01004', ' 1004', '１００４', '0x10'],
  GoodsCnt: ['0', '-1', '1.5'],
  CardQuota: ['0', '01', '1', '13', '2'],
  PopCheck: ['y', '1', 'true'],
  Moid: ['주문1', 'a b', 'a/b', "a'b"],
  MallUserId: ['user@shop', '사용자', 'a_b'],
  PayMethod: ['card', 'BANK'],
  EncodingType: ['ascii', 'utf-16'],
  BuyerName: ['홍\0길동', '홍\n길동', '\u202Eabc', '\uD800'],
  BuyerTel: ['010:1234:5678', '전화', '--'],
  BuyerEmail: ['noname', '@', 'a@b@c', '"a"@b', 'a b@c'],
  ReturnUrl: [
    'javascript:alert(1)',
    'data:text/html,1',
    '/return',
    '//shop.example',
    'shop.example',
    'http://',
    'https://user:password@shop.example/',
    'https://shop.example\\@evil.example',
    'https://shop.example/a b',
    'https://shop.example/\r\nSet-Cookie:a',
  ],
  EdiDate: ['2025010203040', '20250230000000', '20250101240000', '2025-01-02T03:04'],
  UserIp: ['localhost', '10.0.0.1/24'],
  EncData: ['AAA-', 'AA_A', '가'],
}

for (const [wireName, texts] of Object.entries(rejected)) {
  for (const text of texts) {
    test(`${wireName} rejects ${JSON.stringify(text)}`, () => assert.equal(read(wireName, text), undefined))
  }
}

test('the names of the guide are written, whichever spelling was read', () => {
  const { EncodingType, CardQuota } = paymentRequest
  assert.equal(EncodingType.format.write('utf-8'), 'utf8')
  assert.equal(EncodingType.format.write('euc-kr'), 'euckr')
  assert.equal(CardQuota.format.write(3), '03')
})

test('decomposed text is composed, and a character that only has another spelling stays', () => {
  const normalize = (text: string) => paymentRequest.GoodsName.format.normalize?.(text)
  for (const text of ['각 뷁 똠방각하', 'café', 'Ảnh']) {
    assert.equal(normalize(text.normalize('NFD')), text)
    assert.equal(normalize(text), text)
  }
  for (const text of ['5 \u212B', '\uF914', '\u2126', '\u1100 \u1161']) assert.equal(normalize(text), text)
})
