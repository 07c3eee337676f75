import type { ConsoleLink } from '@sspay/gateway'
import type { SessionVariables } from '@sspay/gateway/internal'
import type { LocalizedText } from '@sspay/protocol'
import { type Context, Hono } from 'hono'
import { type FormKeys, onlyOwnForms, onlyOwnJson, readJsonObject, tokensFor } from '../own-forms.ts'
import { faultsPage } from './page.ts'
import { describeRule, type RuleFields, readRule } from './read-rule.ts'
import { type FaultRule, type FaultRules, maxRules } from './rules.ts'

export interface FaultRoutesOptions {
  readonly links: readonly ConsoleLink[]
  readonly keys: FormKeys
}

type ToolContext = Context<SessionVariables>

const sessionOf = (context: ToolContext): string => context.get('session')

const notFromHere: LocalizedText = {
  ko: '이 화면에서 보낸 폼이 아닙니다. 아래에서 다시 보내 주세요.',
  en: 'The form did not come from this page; please send it again below.',
}

/** `/sandbox/faults`: the page with its forms; `/rules`: the JSON API. Needs the middleware `withSession` before it. */
export function faultRoutes(rules: FaultRules, { links, keys }: FaultRoutesOptions): Hono<SessionVariables> {
  const show = (context: ToolContext, status: 200 | 400 | 403, problem?: LocalizedText, given?: RuleFields) =>
    faultsPage({ rules: rules.list(), links, status, problem, given, tokenFor: tokensFor(keys, sessionOf(context)) })
  const ownForms = onlyOwnForms<SessionVariables>(keys, sessionOf, (context) => show(context, 403, notFromHere))

  return new Hono<SessionVariables>()
    .get('/', (context) => show(context, 200))
    .post('/add', ownForms, async (context) => {
      const given = await readFormFields(context)
      const added = addRule(rules, given)
      return 'problem' in added ? show(context, 400, added.problem, given) : context.redirect('/sandbox/faults', 303)
    })
    .post('/remove', ownForms, async (context) => {
      const { ruleId } = await readFormFields(context)
      if (ruleId === undefined) rules.clear()
      else rules.remove(String(ruleId))
      return context.redirect('/sandbox/faults', 303)
    })
    .use('/rules/*', onlyOwnJson)
    .get('/rules', (context) => context.json({ rules: rules.list().map(describeRule) }))
    .post('/rules', async (context) => {
      const added = addRule(rules, await readJsonObject(context))
      return 'problem' in added
        ? context.json({ error: added.problem }, 400)
        : context.json({ rule: describeRule(added.rule) }, 201)
    })
    .delete('/rules', (context) => context.json({ removed: rules.clear() }))
    .delete('/rules/:ruleId', (context) => {
      const isRemoved = rules.remove(context.req.param('ruleId'))
      return context.json({ removed: isRemoved ? 1 : 0 }, isRemoved ? 200 : 404)
    })
}

function addRule(
  rules: FaultRules,
  given: RuleFields,
): { readonly rule: FaultRule } | { readonly problem: LocalizedText } {
  const read = readRule(given)
  if (!read.ok) return read
  if (rules.list().length < maxRules) return { rule: rules.add(read.rule) }
  return { problem: { ko: `규칙은 ${maxRules}개까지입니다`, en: `at most ${maxRules} rules` } }
}

async function readFormFields(context: Context): Promise<RuleFields> {
  const { token, ...given } = Object.fromEntries(await context.req.formData())
  return given
}
