import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { freePorts, lastLine, sspay, startSandboxProcess, temporaryFolder } from './support.ts'

test('a killed sandbox starts again with its members, cards and payments', async () => {
  const folder = await temporaryFolder()
  const ports = await freePorts()
  const gateway = `http://localhost:${ports.gateway}`
  const console = `http://localhost:${ports.console}`
  const pay = (...more: readonly string[]) =>
    sspay(['pay', '--gateway', gateway, '--console', console, '--customer', 'returning01', ...more])

  const first = await startSandboxProcess(folder.path, ports)
  try {
    const joined = await pay('--amount', '1004', '--json')
    assert.equal(joined.exitCode, 0, joined.stderr)
    assert.match(joined.stderr, /본인인증/)
    assert.equal(lastLine(joined.stdout).ResultCode, '3001')
    await first.stop('SIGKILL')

    const second = await startSandboxProcess(folder.path, ports)
    try {
      const returned = await pay('--amount', '2008', '--json')
      assert.equal(returned.exitCode, 0, returned.stderr)
      assert.doesNotMatch(returned.stderr, /본인인증/, 'a returning member is not verified again')
      assert.equal(lastLine(returned.stdout).Amt, '2008')

      const payments = await (await fetch(console)).text()
      for (const answer of [lastLine(joined.stdout), lastLine(returned.stdout)]) {
        assert.ok(payments.includes(answer.Tid ?? 'no Tid'), 'the console lists the payment')
      }
    } finally {
      await second.stop('SIGTERM')
    }
    assert.equal(second.process.exitCode, 0, 'SIGTERM ends it gracefully')
  } finally {
    await first.stop('SIGKILL')
    await folder.remove()
  }
})

test('a port in use is named together with the variable that changes it', async () => {
  const folder = await temporaryFolder()
  const ports = await freePorts()
  const taken = createServer().listen(ports.gateway, '127.0.0.1')
  await once(taken, 'listening')
  try {
    await assert.rejects(startSandboxProcess(folder.path, ports), (error) => {
      assert.match(String(error), new RegExp(`${ports.gateway}`))
      assert.match(String(error), /SSPAY_GATEWAY_PORT/)
      return true
    })
  } finally {
    taken.close()
    await folder.remove()
  }
})
