import { explainValues } from '@sspay/gateway/tools'
import {
  describeProblem,
  type FieldProblem,
  type FieldTable,
  type LocalizedText,
  paymentRequest,
  readMessage,
  type WireText,
} from '@sspay/protocol'
import {
  generalInPlaceRequest,
  generalLayerRequest,
  inPlaceRequest,
  layerRequest,
  problemOf,
} from '@sspay/protocol/internal'
import { nearest } from '../command-line/read-command.ts'
import { type Finding, note, right, warning, wrong } from './finding.ts'
import type { Subject } from './read-subject.ts'

/** Checks the fields against their table: broken rules, misspelt names, a leaked MerchantKey. */
export function findFieldFindings(
  table: FieldTable,
  { fields, repeated, format }: Subject,
  isOnlyPart = false,
): readonly Finding[] {
  const read = readMessage(acceptedTable(table), fields)
  const twice = repeated.flatMap((name) =>
    table[name] === undefined ? [] : [problemOf(name, table[name], 'repeated')],
  )
  const problems = [...(read.ok ? [] : read.problems), ...twice]
  const count = Object.keys(fields).length
  // EncData or one other field alone leaves out the rest on purpose.
  const isPart = isOnlyPart || format === 'encrypted' || count === 1
  const meant = isPart ? problems.filter(({ rule }) => rule !== 'missing') : problems
  const ignored = read.ok ? read.ignored : []
  const tolerated = isPart ? [] : findTolerated(table, fields, { ignored, wrongOnes: meant })
  return [
    ...meant.map((problem) => wrong(describeWithCure(table, fields, problem))),
    ...tolerated,
    ...(meant.length === 0 && tolerated.length === 0 && count > 1
      ? [right(`항목 ${count}개의 형식이 모두 맞습니다`, `all ${count} fields are well formed`)]
      : []),
    ...Object.keys(fields)
      .filter((name) => !Object.hasOwn(table, name))
      .flatMap((name) => findNameFinding(table, name, fields)),
  ]
}

function describeWithCure(table: FieldTable, fields: WireText, problem: FieldProblem): LocalizedText {
  const { ko, en } = describeProblem(problem)
  const cure = explainValues(table, fields, [problem])?.words
  return cure === undefined ? { ko, en } : { ko: `${ko}. ${cure.ko}`, en: `${en}. ${cure.en}` }
}

/** A payment request is read more liberally than the guide's table has it, most of all in a layer (Q57, Q60). */
function acceptedTable(table: FieldTable): FieldTable {
  if (table === generalInPlaceRequest) return generalLayerRequest
  return table === paymentRequest ? layerRequest : table
}

/** The same where there is no page around the window; undefined for other messages. */
function inPlaceTable(table: FieldTable): FieldTable | undefined {
  if (table === generalInPlaceRequest) return table
  return table === paymentRequest ? inPlaceRequest : undefined
}

/** Deviations from the guide that the gateway accepts. */
function findTolerated(
  table: FieldTable,
  fields: WireText,
  { ignored, wrongOnes }: Readonly<Record<'ignored' | 'wrongOnes', readonly FieldProblem[]>>,
): readonly Finding[] {
  const isNamed = ({ field }: FieldProblem, problems: readonly FieldProblem[]): boolean =>
    problems.some((one) => one.field === field)
  const inPlace = inPlaceTable(table)
  const onMobile = inPlace && readMessage(inPlace, fields)
  const rejectedOnMobile = onMobile === undefined || onMobile.ok ? [] : onMobile.problems
  const byGuide = readMessage(table, fields)
  const strict = byGuide.ok ? byGuide.ignored : byGuide.problems
  const tolerated = [...strict, ...ignored.filter((problem) => !isNamed(problem, strict))]
  return tolerated
    .filter((problem) => !isNamed(problem, wrongOnes))
    .map((problem) => {
      const { ko, en } = describeProblem(problem)
      return isNamed(problem, rejectedOnMobile)
        ? warning({
            ko: `${ko} PC에서는 이 값 없이 받지만, 모바일에서는 거절합니다`,
            en: `${en} Accepted without it on PC, rejected on mobile`,
          })
        : warning({ ko: `${ko} 이 값 없이 받습니다`, en: `${en} Accepted without it` })
    })
}

const leakedKey = /^(merchant|mall|mer)_?key$/i

function findNameFinding(table: FieldTable, name: string, fields: Subject['fields']): readonly Finding[] {
  if (leakedKey.test(name))
    return [
      wrong({
        ko: `${name}: 상점키가 폼에 있습니다. 브라우저에서 누구나 볼 수 있으니 빼고, 키를 다시 발급받으세요`,
        en: `${name}: the form contains the MerchantKey, which every browser shows; remove it and have the key replaced`,
      }),
    ]
  const absent = Object.keys(table).filter((known) => (fields[known] ?? '') === '')
  const meant = nearest(name, absent)
  return meant === undefined
    ? []
    : [
        note(
          `${name}: ${meant} 을(를) 쓰려고 했나요? 대소문자도 같아야 합니다`,
          `${name}: did you mean ${meant}? Case counts`,
        ),
      ]
}
