import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCommand } from '../../src/command-line/read-command.ts'
import { writeHelp } from '../../src/command-line/write-help.ts'
import { payCommand } from '../../src/pay/command.ts'
import { type PayOptions, payOptionsOf } from '../../src/pay/options.ts'

const readPay = (given: readonly string[]) => readCommand(payCommand, given, {})

const read = (line: string): PayOptions => {
  const command = readPay(line.split(' ').filter(Boolean))
  assert.ok(command.kind === 'call', JSON.stringify(command))
  return payOptionsOf(command.values)
}

const understood: readonly [string, Partial<PayOptions>][] = [
  [
    '',
    {
      amount: 1004,
      device: 'pc',
      charset: 'utf-8',
      stopsBeforeApproval: false,
      installmentMonths: 0,
      deletesMember: false,
    },
  ],
  ['--amount 50000 --installments 03', { amount: 50_000, installmentMonths: 3 }],
  ['--card 4111-1111-1111-1111', { cardNumber: '4111111111111111' }],
  ['--customer user0001 --mobile --euc-kr', { customerId: 'user0001', device: 'mobile', charset: 'euc-kr' }],
  ['--until authenticated --json', { stopsBeforeApproval: true, printsJson: true }],
  ['--delete-member', { deletesMember: true }],
  ['', { refund: undefined }],
  ['--cancel', { refund: 1004 }],
  ['--cancel-amount 504', { refund: 504 }],
  [
    '--gateway http://localhost:4610/ --console=https://host:1/x',
    { gatewayUrl: 'http://localhost:4610', consoleUrl: 'https://host:1' },
  ],
]
for (const [line, expected] of understood)
  test(`pay ${line}`, () => {
    const options = read(line)
    for (const [name, value] of Object.entries(expected)) assert.deepEqual(options[name as keyof PayOptions], value)
  })

const rejected: readonly [string, string][] = [
  ['--amount 1e3', '--amount'],
  ['--amount 0', '--amount'],
  ['--cancel-amount 0', '--cancel-amount'],
  ['--amount 1004 --cancel-amount 1005', '--cancel-amount'],
  ['--cancel --until authenticated', '--cancel'],
  ['--cancel --delete-member', '--cancel'],
  ['--merchant shop000001', '--merchant'],
  ['--amount 1,000', '--amount'],
  ['--amount 1234567890123', '--amount'],
  ['--amount', '--amount'],
  ['--card 4111111111111112', '--card'],
  ['--card abc', '--card'],
  ['--customer a_b', '--customer'],
  ['--customer 123456789012345678901', '--customer'],
  ['--installments 1', '--installments'],
  ['--installments 13', '--installments'],
  ['--until paid', '--until'],
  ['--gateway ftp://x', '--gateway'],
  ['--console nowhere', '--console'],
  ['--delete-member --until authenticated', '--until'],
  ['--colour red', '--colour'],
  ['--mobile=yes', '--mobile'],
  ['stray', 'stray'],
]
for (const [line, option] of rejected)
  test(`rejected with the option's name: pay ${line}`, () => {
    const command = readPay(line.split(' '))
    assert.equal(command.kind, 'problem')
    assert.ok(command.kind === 'problem' && command.text.en.includes(option), JSON.stringify(command))
  })

test('the help names every option', () => {
  assert.equal(readPay(['--help', '--amount', '5']).kind, 'help')
  for (const option of [
    'amount',
    'card',
    'customer',
    'mobile',
    'euc-kr',
    'until',
    'delete-member',
    'gateway',
    'console',
    'json',
    'goods',
    'installments',
    'help',
  ])
    assert.ok(writeHelp(payCommand, 'en').includes(`--${option}`), option)
})
