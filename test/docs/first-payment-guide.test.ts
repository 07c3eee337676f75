import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { blocksOf } from '../../tools/docs/markdown.ts'
import { repository } from '../source/files.ts'
import { proofSize } from '../support/proof-size.ts'
import { createMachine } from './empty-machine.ts'

const blocksUnder = (language: 'ko' | 'en', heading: string): readonly string[] => {
  const text = readFileSync(join(repository, `docs/guides/${language}/operating-tasks.md`), 'utf8')
  const section = text.split(/^## /m).find((one) => one.startsWith(`${heading}\n`))
  return blocksOf(section ?? assert.fail(heading)).map(({ code }) => code)
}

const headings = {
  ko: ['설치하기', '처음부터 PostgreSQL로', '첫 상점', '시험 결제'],
  en: ['Install', 'PostgreSQL from the start', 'First merchant', 'A trial payment'],
} as const

test('both guides lead by the same commands from the installation to the first payment', () => {
  const [korean, english] = (['ko', 'en'] as const).map((language) =>
    headings[language].map((heading) => blocksUnder(language, heading)),
  )
  assert.deepEqual(korean, english)
})

const isFollowed = proofSize !== 'short' && process.platform === 'linux'

/** Too long for `npm test`: a dozen processes, one after the other. */
if (isFollowed)
  test('the commands of the guide lead from an empty machine to the first approved payment', async (t) => {
    const machine = await createMachine(t)
    const startedAt = performance.now()
    const [install, postgres, first, trial] = headings.en.map((heading) => blocksUnder('en', heading))
    const follow = async (...blocks: readonly (string | undefined)[]): Promise<string> => {
      let output = ''
      for (const block of blocks) {
        assert.ok(block)
        if (/^SSPAY_\w+=\S+(\nSSPAY_\w+=\S+)*$/.test(block)) machine.set(block)
        else output += await machine.run(block)
      }
      return output
    }
    await follow(...(install ?? []).slice(0, 2), ...(postgres ?? []))
    const [merchantsSetting, addMerchant, start] = first ?? []
    const [sandbox, services, pay, remove] = trial ?? []
    assert.match(await follow(merchantsSetting, addMerchant), /merchantKey=\S{88}\n/)
    const checked = await follow(sandbox, services, start)
    assert.doesNotMatch(checked, /^failed/m)
    assert.match(checked, /ready\n$/)
    assert.match(await follow(pay), /ResultCode +3001/)
    t.diagnostic(`${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes, without npm's download`)
    await follow(remove)
  })
