import { globSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { repository } from '../source/files.ts'
import type { Token } from '../source/tokens.ts'
import { codeRule, type Rule } from './rule.ts'

/** Every wire name of the protocol's tables, except those that are also a property or a placeholder of a command. */
export async function readWireNames(): Promise<ReadonlySet<string>> {
  const messages = globSync('packages/protocol/src/messages/*.ts', { cwd: repository })
  const modules = await Promise.all(messages.map((path) => import(resolve(repository, path))))
  const tables = modules.flatMap((module) => Object.values(module as Readonly<Record<string, object>>))
  const names = tables.flatMap((table) => (typeof table === 'object' ? Object.keys(table) : []))
  return new Set(names.filter((name) => !['name', 'MID', 'TID'].includes(name)))
}

/** As an identifier, a key, a whole string, or where markup, JSON or a query inside a text names the field. */
export const noWireNames = (wireNames: ReadonlySet<string>): Rule => {
  const written = new RegExp(`(?:name=|["'?&])(${[...wireNames].join('|')})["'=]`)
  return codeRule((code, index) => {
    const { kind, text } = code[index] as Token
    if (kind === 'word' && wireNames.has(text)) return `wire name ${text}`
    if (kind !== 'text') return undefined
    const found = wireNames.has(text) ? text : written.exec(text)?.[1]
    return found === undefined ? undefined : `wire name ${found} in a text`
  })
}

const vagueVerb = /^(handle|process|manage|do)$/
const vagueWord = /^(manager|managers|helper|helpers|util|utils|utility|utilities|base|impl|common|misc)$/
const vagueEnd = /^(service|data|info)$/

function vaguePart(name: string): string | undefined {
  const words = name.match(/[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])/g)?.map((word) => word.toLowerCase()) ?? []
  const first = words[0] ?? ''
  if (vagueVerb.test(first)) return first
  const last = words.at(-1) ?? ''
  return words.find((word) => vagueWord.test(word)) ?? (vagueEnd.test(last) ? last : undefined)
}

const declared = /^(const|let|function|class|interface|type)$/

function exportedName(code: readonly Token[], index: number): string | undefined {
  if (code[index]?.text !== 'export' || code[index]?.kind !== 'word') return undefined
  const at = code[index + 1]?.text === 'async' ? index + 2 : index + 1
  return declared.test(code[at]?.text ?? '') ? code[at + 1]?.text : undefined
}

export const noVagueExports: Rule = codeRule((code, index) => {
  const name = exportedName(code, index)
  const vague = name === undefined ? undefined : vaguePart(name)
  return vague === undefined ? undefined : `${name}: "${vague}" says nothing`
})

export const noVagueFileNames: Rule = ({ path }) => {
  const vague = vaguePart(basename(path).split('.')[0] ?? '')
  return vague === undefined ? [] : [{ path, line: 1, message: `file name: "${vague}" says nothing` }]
}
