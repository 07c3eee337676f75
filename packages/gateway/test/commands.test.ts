import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { commands, readCommandLine } from '../src/commands.ts'
import { gatewayHelp } from '../src/help.ts'
import { run } from './main-process.ts'

test('without arguments it is the gateway; a command gets the arguments after its name', () => {
  assert.deepEqual(readCommandLine([]), { kind: 'gateway' })
  for (const [name, load] of Object.entries(commands))
    assert.deepEqual(readCommandLine([name, '--help']), { kind: 'command', load, args: ['--help'] })
})

test('the help names every command', () => {
  for (const name of Object.keys(commands)) assert.match(gatewayHelp, RegExp(`sspay-gateway ${name} --help`))
})

for (const [args, says] of [
  [
    ['archve', '--to', '/backup'],
    /^archve: 없는 명령입니다. archive\? .*\narchve is no command; did you mean archive\?$/,
  ],
  [['rotate-rootkey'], /did you mean rotate-root-key\?/],
  [['start'], /^start: 없는 명령입니다. \(archive, .*\)\nstart is no command$/],
  [['--versoin'], /--versoin is no option; did you mean --version\?/],
  [['-x'], /-x is no option$/],
  [['--help', 'archive'], /archive/],
] as const)
  test(`${args.join(' ')} is wrong usage`, () => {
    const line = readCommandLine(args)
    assert.equal(line.kind, 'problem')
    assert.match(line.kind === 'problem' ? line.message : '', says)
  })

test('the process ends with exit code 2 for a misspelt word or variable, and tells its version', async () => {
  const misspelt = run({}, 'archve')
  const variable = run({ SSPAY_LATENCY_TARGETMS: '40' })
  const version = run({}, '--version')
  assert.deepEqual(await Promise.all([misspelt.ended, variable.ended, version.ended]), [2, 2, 0])
  assert.match(misspelt.output(), /did you mean archive\?\nsspay-gateway --help\n$/)
  assert.match(variable.output(), /SSPAY_LATENCY_TARGETMS is no setting: did you mean SSPAY_LATENCY_TARGET_MS\?/)
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  assert.equal(version.output(), `sspay-gateway ${manifest.version} (Node.js ${process.version})\n`)
})
