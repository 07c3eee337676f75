import assert from 'node:assert/strict'
import { test } from 'node:test'
import { skins } from '@sspay/protocol'
import { createStyleSheet } from '../../src/design/style-sheet.ts'
import { redTheme, skinThemes, type Tokens } from '../../src/design/tokens.ts'

/** WCAG 2.2: relative luminance of a colour written as #rrggbb. */
function luminanceOf(colour: string): number {
  assert.match(colour, /^#[0-9a-f]{6}$/)
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrastOf(one: string, other: string): number {
  const [low = 0, high = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

const text = 4.5
const control = 3

/** What stands on what, anywhere in window, shop or console. */
const pairs: readonly { readonly on: readonly string[]; readonly of: readonly string[]; readonly least: number }[] = [
  { of: ['ink', 'ink-soft'], on: ['surface', 'ground', 'accent-soft'], least: text },
  { of: ['ink-faint', 'accent', 'danger'], on: ['surface', 'ground'], least: text },
  { of: ['accent', 'accent-strong'], on: ['accent-soft'], least: text },
  { of: ['on-accent'], on: ['accent', 'accent-strong', 'danger'], least: text },
  { of: ['danger', 'ink'], on: ['danger-soft'], least: text },
  { of: ['success'], on: ['success-soft', 'surface', 'ground'], least: text },
  { of: ['warning'], on: ['warning-soft', 'surface', 'ground'], least: text },
  { of: ['info'], on: ['info-soft', 'surface', 'ground'], least: text },
  // An error is neither the brand's colour nor that of an amount.
  { of: ['danger'], on: ['accent', 'ink'], least: control },
  { of: ['line-strong'], on: ['surface', 'ground'], least: control },
]

const own = (skin: string) =>
  skin in skinThemes ? skinThemes[skin as keyof typeof skinThemes] : { light: {}, dark: {} }

for (const scheme of ['light', 'dark'] as const)
  for (const skin of skins)
    test(`in ${skin}, ${scheme}, text reaches 4.5:1, the edge of a control 3:1, and an error 3:1 from brand and amount`, () => {
      const values: Tokens = { ...redTheme[scheme], ...own(skin)[scheme] }
      const weak = pairs.flatMap(({ of, on, least }) =>
        of.flatMap((name) =>
          on.flatMap((ground) => {
            const contrast = contrastOf(values[name] ?? '', values[ground] ?? '')
            return contrast < least ? [`${name} on ${ground}: ${contrast.toFixed(2)}`] : []
          }),
        ),
      )
      assert.deepEqual(weak, [])
    })

test('each colour has a value for the night', () => {
  const lengths = ['radius', 'radius-small']
  assert.deepEqual(
    Object.keys(redTheme.light).filter((name) => !(name in redTheme.dark)),
    lengths,
  )
})

test('a declaration stands once with the plain value of its own theme and once with the variable', () => {
  const css = createStyleSheet({
    rules: '.own { color: var(--accent); }',
    theme: { light: { accent: '#123456' }, dark: {} },
  })
  assert.ok(css.endsWith('.own{color:#123456;color:var(--accent)}'), css.slice(-80))
  assert.throws(() => createStyleSheet({ rules: '.own { color: var(--acent); }' }), /acent/)
})
