import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isProvablySameOrigin, isSameOrigin } from '../../src/browser-safety/same-origin.ts'

const ours = 'https://pay.example/ssp/window/x'

/**
 * What a browser says about the page that sends a form, and whether it is ours: as far as it is known, and for sure.
 */
const rows: readonly (readonly [headers: Readonly<Record<string, string>>, maybe: boolean, surely: boolean])[] = [
  [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, true, true],
  [{ 'sec-fetch-site': 'none' }, true, true],
  [{ 'sec-fetch-site': 'same-site', referer: ours }, false, false],
  [{ 'sec-fetch-site': 'cross-site', referer: ours }, false, false],
  [{ origin: 'https://pay.example' }, true, true],
  [{ origin: 'http://pay.example' }, true, true],
  [{ origin: 'https://evil.example', referer: ours }, false, false],
  [{ origin: 'https://pay.example:8443' }, false, false],
  [{ origin: 'null', referer: ours }, true, true],
  [{ referer: ours }, true, true],
  [{ referer: 'https://evil.example/?https://pay.example/' }, true, false],
  [{ origin: 'null' }, true, false],
  [{ referer: 'nonsense' }, true, false],
  [{}, true, false],
]

for (const [headers, maybe, surely] of rows)
  test(`a form with ${JSON.stringify(headers)}: ${maybe ? 'may be' : 'is not'} ours, and ${surely ? 'surely is' : 'is not surely'}`, () => {
    const request = new Request('https://pay.example/ssp/window/x', { method: 'POST', headers })
    assert.deepEqual([isSameOrigin(request), isProvablySameOrigin(request)], [maybe, surely])
  })
