import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { test } from 'node:test'
import { firstSentences, headingsOf } from '../../tools/docs/markdown.ts'
import { repository } from '../source/files.ts'

interface Decision {
  /** Of the file: `0001-a-title.md`. */
  readonly name: string
  readonly text: string
}

const folder = resolve(repository, 'docs/decisions')
const decisions: readonly Decision[] = globSync('*.md', { cwd: folder })
  .sort()
  .map((path) => ({ name: basename(path), text: readFileSync(resolve(folder, path), 'utf8') }))

const day = String.raw`\d{4}-\d{2}-\d{2}`
const form = new RegExp(
  String.raw`^Status: accepted · (${day})(?: · revised (${day}))?(?: · superseded (?:in part )?by \[(\d{4})\]\(([\w-]+\.md)\))?$`,
)

const numberOf = (name: string): string => /^(\d{4})-[a-z0-9-]+\.md$/.exec(name)?.[1] ?? ''

const isDay = (text: string): boolean =>
  !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)

/** Problems of the head of a decision. */
function faultsOf({ name, text }: Decision, all: readonly Decision[]): readonly string[] {
  const [title = '', , status = ''] = text.split('\n')
  const found = form.exec(status)
  if (found === null) return [`${name}: no status: ${status}`]
  const [, accepted = '', revised = accepted, by, target] = found
  const faults = [accepted, revised].filter((text) => !isDay(text)).map((text) => `${name}: no day: ${text}`)
  if (numberOf(name) === '') faults.push(`${name}: no number`)
  if (!/^# [^\d\s]/.test(title)) faults.push(`${name}: no title: ${title}`)
  if (headingsOf(text).filter(({ level }) => level === 1).length !== 1) faults.push(`${name}: more than one title`)
  if (revised < accepted) faults.push(`${name}: revised before it was accepted`)
  if (by === undefined) return faults
  const successor = all.find((decision) => decision.name === target)
  if (successor === undefined || numberOf(successor.name) !== by) return [...faults, `${name}: there is no ${target}`]
  if (by <= numberOf(name)) faults.push(`${name}: superseded by an earlier decision`)
  return successor.text.includes(numberOf(name)) ? faults : [...faults, `${target} does not mention ${name}`]
}

test('every decision has a number, a title, a status and its date, and what supersedes it exists', () => {
  assert.deepEqual(
    decisions.flatMap((decision) => faultsOf(decision, decisions)),
    [],
  )
})

test('the numbers of decisions have no gap', () => {
  const expected = decisions.map((_, index) => String(index + 1).padStart(4, '0'))
  assert.deepEqual(
    decisions.map(({ name }) => numberOf(name)),
    expected,
  )
})

test('the status is not taken for the summary of a decision', () => {
  for (const { name, text } of decisions) assert.doesNotMatch(firstSentences(text), /^Status:|^$/, name)
})

const whole = '# Title\n\nStatus: accepted · 2026-01-02\n\n**Question.** Why?\n'

const injected: readonly (readonly [from: string, to: string, fault: RegExp])[] = [
  ['Status: accepted · 2026-01-02\n\n', '', /no status/],
  ['2026-01-02', '2026-02-30', /no day/],
  ['# Title', '# 1. Title', /no title/],
  ['2026-01-02', '2026-01-02 · revised 2026-01-01', /before it was accepted/],
  ['2026-01-02', '2026-01-02 · superseded by [0009](0009-gone.md)', /there is no 0009-gone/],
  ['2026-01-02', '2026-01-02 · superseded by [0001](0001-first.md)', /earlier decision/],
  ['2026-01-02', '2026-01-02 · superseded by [0003](0003-third.md)', /does not mention/],
]

for (const [from, to, fault] of injected)
  test(`an injected head is found: ${fault.source}`, () => {
    const others = ['0001-first.md', '0003-third.md'].map((name) => ({ name, text: whole }))
    const changed = { name: '0002-second.md', text: whole.replace(from, to) }
    assert.match(faultsOf(changed, others).join('\n'), fault)
  })
