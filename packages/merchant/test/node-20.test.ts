import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { test } from 'node:test'
import { approvalTicket, approvedAnswer, config, expected, order, transactionId } from './samples.ts'

const packages = resolve(import.meta.dirname, '../..')

/** The oldest Node that the shop's packages promise, if this machine's own is one. */
function findNode20(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  return folders
    .map((folder) => join(folder, process.platform === 'win32' ? 'node.exe' : 'node'))
    .filter((file) => existsSync(file))
    .find((file) => {
      const version = execFileSync(file, ['--version'], { encoding: 'utf8' })
      const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? []
      return Number(major) === 21 || (Number(major) === 20 && Number(minor) >= 19)
    })
}

/** The package as plain JavaScript: types blanked out, file endings renamed, nothing else. */
function install(name: string, folder: string): void {
  const target = join(folder, 'node_modules/@sspay', name)
  for (const file of globSync('src/**/*.ts', { cwd: join(packages, name) })) {
    const code = stripTypeScriptTypes(readFileSync(join(packages, name, file), 'utf8'))
    const output = join(target, file.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(output), { recursive: true })
    writeFileSync(output, code.replace(/(from|import)( ?\(?')(\.[^']*)\.ts'/g, "$1$2$3.js'"))
  }
  const manifest = readFileSync(join(packages, name, 'package.json'), 'utf8')
  writeFileSync(join(target, 'package.json'), manifest.replace(/\.ts"/g, '.js"'))
}

const shop = `
import { createServer } from 'node:http'
import { approve, createPaymentForm, creditOnce, defineMerchant, deleteMember, fetchTransport, memoryJournal, readAuthentication, recover } from '@sspay/merchant'

const { config, order, expected, returned, approvedAnswer } = JSON.parse(process.env.SAMPLE)
const server = createServer((request, answer) => {
  request.resume().on('end', () => answer.end(request.url.includes('ssbMemberDel') ? '{"ResultCode":"PD00","ResultMsg":"OK"}' : approvedAnswer))
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const origin = 'http://127.0.0.1:' + server.address().port
const merchant = defineMerchant({ ...config, environment: { origin } })
const form = createPaymentForm(merchant, { ...order, requestedAt: new Date(order.requestedAt), answerCharset: 'euc-kr' })
const headers = { 'content-type': 'application/x-www-form-urlencoded' }
const read = await readAuthentication(merchant, new Request('http://shop.example/', { method: 'POST', headers, body: returned }))
const approved = await approve(merchant, read.authentication, { expected, journal: memoryJournal() })
const overFetch = await approve(defineMerchant({ ...config, environment: { origin }, transport: fetchTransport() }), read.authentication, { expected, journal: memoryJournal() })
const deleted = await deleteMember(merchant, 'user0001')
server.close()
// On the kept connection, whose end this process has not heard of yet; the next ones find nobody.
const interrupted = await approve(merchant, read.authentication, { expected, journal: memoryJournal() })
const journal = memoryJournal()
await approve(merchant, read.authentication, { expected, journal })
const { open } = await recover(merchant, { journal, isWanted: () => true, onOutcome() {} })
const credited = await creditOnce(journal, approved.payment, () => {})
console.log(JSON.stringify([form.fields.EncryptData, approved.outcome, overFetch.outcome, deleted.outcome, interrupted.cause, open[0].cause, credited]))
`

const node20 = findNode20()

test('a shop on Node 20 signs, approves, recovers, credits and deletes', {
  skip: node20 === undefined && 'the machine’s own Node is not 20.19 to 21, the oldest promised',
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sspay-node20-'))
  try {
    install('protocol', folder)
    install('merchant', folder)
    writeFileSync(join(folder, 'shop.mjs'), shop)
    const returned = `Tid=${transactionId}&TrAuthKey=${approvalTicket}`
    const sample = JSON.stringify({ config, order, expected, returned, approvedAnswer: approvedAnswer() })
    const options = {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, SAMPLE: sample, NODE_OPTIONS: '' },
    } as const
    const printed = execFileSync(node20 ?? '', ['shop.mjs'], options)
    assert.deepEqual(JSON.parse(printed), [
      'pNd9jRfj4PvYuA5SVDoUDld7Jnc95L5bVj/FPkRwodc=',
      'approved',
      'approved',
      'deleted',
      'interrupted',
      'unreachable',
      true,
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
