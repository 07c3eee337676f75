import { connect, type Socket } from 'node:net'
import { connect as connectSecurely, createSecureContext } from 'node:tls'
import { type AttackName, attacks } from './attacks.ts'
import { createSlowClient, type SlowClient } from './slow-client.ts'

/** Slow clients in a process of their own. Asked by messages; only `start` has options. */
export type AttackQuestion = { readonly ask: 'start'; readonly attack: AttackOptions } | { readonly ask: 'status' }

export interface AttackOptions {
  readonly url: string
  readonly name: AttackName
  readonly connections: number
  /** 1 is 127.0.0.1, 200 are 127.0.0.1 to 127.0.0.200. */
  readonly addresses: number
}

/** Since the start. */
export interface AttackStatus {
  readonly open: number
  readonly opened: number
}

const turnMs = 50
const turns = 1_000 / turnMs

let clients: readonly SlowClient[] = []
let opened = 0

function start({ url, name, connections, addresses }: AttackOptions): void {
  const { protocol, hostname, port } = new URL(url)
  const attack = attacks[name]
  const secureContext = createSecureContext({ ca: [] })
  const connectFrom = (localAddress: string): Socket => {
    opened += 1
    const place = { host: hostname, port: Number(port), localAddress }
    if (protocol === 'http:' || attack.first === '') return connect(place)
    return connectSecurely({ ...place, secureContext, rejectUnauthorized: false })
  }
  clients = Array.from({ length: connections }, (_, index) =>
    createSlowClient(() => connectFrom(`127.0.0.${1 + (index % addresses)}`), attack),
  )
  let turn = 0
  setInterval(() => {
    turn = (turn + 1) % turns
    for (let index = turn; index < clients.length; index += turns) clients[index]?.visit()
  }, turnMs)
}

process.on('message', (question: AttackQuestion) => {
  if (question.ask === 'start') start(question.attack)
  process.send?.({ open: clients.filter((client) => client.isOpen()).length, opened } satisfies AttackStatus)
})
process.once('disconnect', () => process.exit())
