import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { addresses } from '@sspay/sandbox'
import { repository } from '../source/files.ts'
import { commandsOf, faultOf } from './shell.ts'

const read = (path: string): string => readFileSync(resolve(repository, path), 'utf8')

test('the container of editors has the Node of the repository, its ports and commands that exist', async () => {
  const { image, forwardPorts, portsAttributes, postCreateCommand } = JSON.parse(
    read('.devcontainer/devcontainer.json'),
  )
  assert.match(image, new RegExp(`:${read('.node-version').split('.')[0]}-`))
  const ofExamples = Number(/^PORT=(\d+)$/m.exec(read('examples/express/.env.example'))?.[1])
  const ports = [...Object.values(addresses).map(({ defaultPort }) => defaultPort), ofExamples].sort()
  assert.deepEqual(forwardPorts, ports)
  assert.deepEqual(Object.keys(portsAttributes).map(Number), ports)
  for (const command of commandsOf('sh', postCreateCommand)) assert.equal(await faultOf(command), undefined)
})
