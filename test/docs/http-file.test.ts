import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { type StartedSandbox, startForCommands } from '../../packages/sandbox/test/command-line/support.ts'
import { repository } from '../source/files.ts'
import { commandsOf, faultOf } from './shell.ts'

const text = readFileSync(resolve(repository, 'examples/sspay.http'), 'utf8')
const [head = '', ...blocks] = text.split(/^### /m)

interface WrittenRequest {
  readonly title: string
  /** What the title promises: an HTTP status of three digits, or a result code. */
  readonly answer: string
  readonly method: string
  readonly url: string
  readonly contentType: string | undefined
  readonly body: string | undefined
}

/** As the editors read it. */
function readRequest(block: string): WrittenRequest {
  const [heading = '', ...body] = block.trimEnd().split('\n\n')
  const [titleLine = '', requestLine = '', ...headers] = heading.split('\n')
  const [title = '', answer = ''] = titleLine.split(' → ')
  const [method = '', url = ''] = requestLine.split(' ')
  const contentType = headers.find((line) => line.startsWith('Content-Type: '))?.slice('Content-Type: '.length)
  const isForm = contentType === 'application/x-www-form-urlencoded'
  const joined = isForm ? body.join('').replaceAll('\n&', '&') : body.join('\n\n')
  return { title, answer, method, url, contentType, body: method === 'POST' ? joined : undefined }
}

const shownValues = Object.fromEntries(
  [...head.matchAll(/^@(\w+) = (.+)$/gm)].map(([, name = '', value = '']) => [name, value]),
)

/** The values that the commands above the variables print. */
async function currentValues(sandbox: StartedSandbox): Promise<Readonly<Record<string, string>>> {
  const printed = (line: string): Promise<Readonly<Record<string, unknown>>> => sandbox.typeForJson(line.split(' '))
  const { values, result: EncryptData } = await printed('sign payment --sandbox --amount 1004')
  const { Tid, TrAuthKey } = await printed('pay --until authenticated')
  const { result: HashData } = await printed(`sign cancel --sandbox --tid ${Tid} --amount 1004`)
  const fields = { Mid: 'ssptest01m', Tid, CancelAmt: '1004', CancelPwd: '123456', PartialCancelCode: '0', HashData }
  const file = join(sandbox.folder, 'cancel.json')
  writeFileSync(file, JSON.stringify(fields))
  const { envelope } = await printed(`sign encrypt --sandbox ${file}`)
  return {
    gateway: sandbox.urls.gateway,
    console: sandbox.urls.console,
    EdiDate: (values as { readonly EdiDate: string }).EdiDate,
    EncryptData: encodeURIComponent(String(EncryptData)),
    Tid: String(Tid),
    TrAuthKey: String(TrAuthKey),
    CancelEncData: (envelope as { readonly EncData: string }).EncData,
  }
}

async function send({ method, url, contentType, body }: WrittenRequest, values: Readonly<Record<string, string>>) {
  const fill = (template: string): string =>
    template.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => values[name] ?? `no ${name}`)
  const response = await fetch(fill(url), {
    method,
    headers: contentType === undefined ? {} : { 'content-type': contentType },
    ...(body === undefined ? {} : { body: fill(body) }),
    signal: AbortSignal.timeout(20_000),
  })
  return { status: response.status, text: await response.text() }
}

test('every request of examples/sspay.http is answered as its title says', async () => {
  await using sandbox = await startForCommands()
  await sandbox.type(['pay', '--customer', 'user0001'])
  const values = await currentValues(sandbox)
  assert.deepEqual(Object.keys(values), Object.keys(shownValues))
  const requests = blocks.map(readRequest)
  assert.ok(requests.length >= 8)
  for (const request of requests) {
    const { status, text } = await send(request, values)
    const answer = /^\d{3}$/.test(request.answer) ? String(status) : JSON.parse(text).ResultCode
    assert.equal(answer, request.answer, `${request.title}: ${text}`)
  }
})

test('every command that examples/sspay.http names exists', async () => {
  const lines = [...head.matchAll(/^# (npx .+)$/gm)].map(([, line = '']) => line)
  assert.ok(lines.length >= 4)
  for (const command of lines.flatMap((line) => commandsOf('sh', line))) assert.equal(await faultOf(command), undefined)
})

test('the values shown for the form are those of the signature vectors', async () => {
  assert.equal(decodeURIComponent(shownValues.EncryptData ?? ''), 'pNd9jRfj4PvYuA5SVDoUDld7Jnc95L5bVj/FPkRwodc=')
  assert.equal(shownValues.EdiDate, '20250102030405')
})
