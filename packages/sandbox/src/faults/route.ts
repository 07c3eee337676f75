import type { ConsoleLink } from '@sspay/gateway'
import type { Words } from '@sspay/protocol'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { faultsPage } from './page.ts'
import { describeRule, type RuleFields, readRule } from './read-rule.ts'
import { type FaultRule, type FaultRules, mostRules } from './rules.ts'

/** `/sandbox/faults`: the page with its plain forms, and the same as JSON under `/rules`. */
export function faultRoutes(rules: FaultRules, links: readonly ConsoleLink[]): Hono {
  const show = (status: 200 | 400, problem?: Words, given?: RuleFields): Promise<Response> =>
    faultsPage({ rules: rules.list(), links, status, problem, given })

  return new Hono()
    .use(onlyFromHere)
    .get('/', () => show(200))
    .post('/add', async (context) => {
      const given = await readFormFields(context)
      const added = addRule(rules, given)
      return 'problem' in added ? show(400, added.problem, given) : context.redirect('/sandbox/faults', 303)
    })
    .post('/remove', async (context) => {
      const { ruleId } = await readFormFields(context)
      if (ruleId === undefined) rules.clear()
      else rules.remove(String(ruleId))
      return context.redirect('/sandbox/faults', 303)
    })
    .get('/rules', (context) => context.json({ rules: rules.list().map(describeRule) }))
    .post('/rules', async (context) => {
      const added = addRule(rules, await readJsonFields(context))
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

function addRule(rules: FaultRules, given: RuleFields): { readonly rule: FaultRule } | { readonly problem: Words } {
  const read = readRule(given)
  if (!read.ok) return read
  if (rules.list().length < mostRules) return { rule: rules.add(read.rule) }
  return { problem: { ko: `규칙은 ${mostRules}개까지입니다`, en: `at most ${mostRules} rules` } }
}

/** A page of somebody else must not break a developer's sandbox by a form. */
const onlyFromHere: MiddlewareHandler = async (context, next) => {
  const site = context.req.header('sec-fetch-site') ?? 'none'
  const isReading = context.req.method === 'GET'
  if (!isReading && site !== 'same-origin' && site !== 'none') return context.json({ error: 'another site asked' }, 403)
  return next()
}

async function readFormFields(context: Context): Promise<RuleFields> {
  return Object.fromEntries(new URLSearchParams(await context.req.text()))
}

async function readJsonFields(context: Context): Promise<RuleFields> {
  const json: unknown = await context.req.json().catch(() => undefined)
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as RuleFields) : {}
}
