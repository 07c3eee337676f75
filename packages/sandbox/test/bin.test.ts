import assert from 'node:assert/strict'
import { test } from 'node:test'

for (const name of ['sspay', 'sspay-gateway'] as const)
  test(`${name} on an old Node.js names the version and two ways to it`, async (t) => {
    const versions = Object.getOwnPropertyDescriptor(process, 'versions') ?? assert.fail()
    const written: string[] = []
    t.after(() => {
      Object.defineProperty(process, 'versions', versions)
      process.exitCode = undefined
    })
    t.mock.method(process.stderr, 'write', (text: string) => written.push(text))
    Object.defineProperty(process, 'versions', { ...versions, value: { ...process.versions, node: '20.19.0' } })
    await import(name === 'sspay' ? '../src/bin.ts' : '../../gateway/src/bin.ts')
    // Of a service: no supervisor starts it again.
    assert.equal(process.exitCode, name === 'sspay' ? 1 : 2)
    const [korean = '', english = ''] = written.join('').split(`${name} needs`)
    for (const text of [korean, english])
      for (const part of ['24', process.version, `npm install --save-dev node@24`, `npx ${name}`, 'nvm install 24'])
        assert.ok(text.includes(part), `${part} in ${text}`)
  })
