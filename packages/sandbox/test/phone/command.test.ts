import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testPhones } from '../../src/phone/test-phones.ts'
import { run } from '../command-line/support.ts'

test('the list holds every test phone and what it does; no sandbox is needed', async () => {
  const { exitCode, output } = await run(['--lang', 'ko', 'phones', 'list'])
  assert.equal(exitCode, 0)
  for (const { phone, note } of testPhones) {
    const line = output.split('\n').find((one) => one.trim().startsWith(phone))
    assert.ok(line?.includes(note.ko), phone)
  }
  assert.deepEqual(JSON.parse((await run(['phones', 'list', '--json'])).output), { phones: testPhones })
})
