import { createStyleSheet } from '@sspay/gateway/internal'

/** `night` and `moon` are the shop's own colours, nearly the same in light and dark mode. */
const theme = {
  light: {
    accent: '#2f3a8c',
    'accent-strong': '#222b6d',
    'accent-soft': '#eef0fb',
    line: '#e6e4dc',
    ground: '#f7f6f2',
    brand: '#1c2148',
    night: '#1c2148',
    moon: '#f6d77f',
  },
  dark: {
    accent: '#aab4ff',
    'accent-strong': '#c5ccff',
    'accent-soft': '#252b4d',
    ground: '#0f1222',
    surface: '#191d33',
    line: '#2d3350',
    'line-strong': '#70799c',
    brand: '#f3f4fb',
    night: '#181d42',
    moon: '#f6d77f',
  },
} as const

const rules = `
body { display: flex; flex-direction: column; min-height: 100vh; }
main { flex: 1; width: 100%; padding-bottom: 64px; }
.masthead { background: var(--surface); border-bottom: 1px solid var(--line); }
.masthead .wide { display: flex; align-items: center; justify-content: space-between; min-height: 64px; }
.brand { display: inline-flex; align-items: center; gap: 10px; color: var(--brand); font-size: 19px; font-weight: 800; letter-spacing: -.03em; text-decoration: none; }
.brand svg { width: 30px; height: 30px; }
.menu { display: flex; gap: 4px; }
.menu a { padding: 10px 12px; border-radius: 10px; color: var(--ink-soft); font-size: 15px; font-weight: 600; text-decoration: none; }
.practice { background: var(--night); color: #dfe3ff; font-size: 13px; text-align: center; padding: 7px 20px; }
.hero { background: var(--night); color: #fff; }
.hero .wide { padding-top: 56px; padding-bottom: 60px; }
.hero h1 { font-size: 34px; line-height: 1.28; }
.hero p { margin-top: 14px; max-width: 30em; color: #c9cfee; }
.hero .button { margin-top: 26px; background: var(--moon); border-color: var(--moon); color: var(--night); }
.shelf-title { display: flex; align-items: baseline; justify-content: space-between; margin: 44px 0 18px; }
.shelf { display: grid; grid-template-columns: repeat(3, 1fr); gap: 24px; list-style: none; }
.goods { display: block; height: 100%; overflow: hidden; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); color: inherit; text-decoration: none; }
.goods svg { display: block; width: 100%; aspect-ratio: 4 / 3; }
.goods-text { padding: 16px 18px 20px; }
.goods-text h3 { font-size: 17px; }
.goods-text .price { display: block; margin-top: 10px; }
.price { font-size: 18px; font-weight: 800; letter-spacing: -.01em; font-variant-numeric: tabular-nums; }
.split { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 40px; align-items: start; margin-top: 36px; }
.split.checkout { grid-template-columns: minmax(0, 1.35fr) minmax(0, 1fr); gap: 24px; }
.picture { overflow: hidden; border-radius: 20px; border: 1px solid var(--line); }
.picture svg { display: block; width: 100%; aspect-ratio: 4 / 3; }
.product h1 { margin-top: 6px; font-size: 30px; }
.product .story { margin-top: 18px; color: var(--ink-soft); }
.product .amount { margin-top: 22px; }
.line-item { display: flex; align-items: center; gap: 14px; }
.line-item svg { flex: none; width: 84px; height: 64px; border-radius: 10px; }
.total { display: flex; align-items: baseline; justify-content: space-between; margin-top: 16px; padding-top: 16px; border-top: 1px solid var(--line); }
.choice-title { font-weight: 700; }
.choice:has(input:checked) { border-color: var(--accent); background: var(--accent-soft); }
.verdict { padding-top: 40px; text-align: center; }
.verdict h1 { margin-top: 18px; }
.verdict p { margin-top: 8px; text-wrap: balance; }
.seal { display: inline-flex; align-items: center; justify-content: center; width: 68px; height: 68px; border-radius: 50%; }
.seal svg { width: 34px; height: 34px; }
.seal.success { background: var(--success-soft); color: var(--success); } .seal.danger { background: var(--danger-soft); color: var(--danger); }
.seal.warning { background: var(--warning-soft); color: var(--warning); } .seal.info { background: var(--info-soft); color: var(--info); }
.sheet { margin-top: 26px; text-align: left; }
.developer { margin-top: 20px; border: 1px dashed var(--line-strong); border-radius: var(--radius-small); background: var(--surface); font-size: 13px; }
.developer summary { padding: 12px 16px; color: var(--ink-soft); font-weight: 600; }
.developer > div { padding: 0 16px 16px; }
.developer .table td, .developer .table th { padding: 7px 8px; }
.developer .table td { font-size: 12px; overflow-wrap: anywhere; }
.developer .table code { display: block; padding: 0; background: none; white-space: nowrap; }
.order-id { font-size: 14px; line-height: 25px; font-variant-numeric: tabular-nums; }
.aside { margin-top: 16px; }
.spaced { margin-bottom: 10px; }
.spaced-above { margin-top: 10px; }
.partial { margin-top: 14px; }
.partial label { display: block; margin-bottom: 6px; color: var(--ink-soft); font-weight: 600; }
.partial input { min-height: 40px; padding: 6px 12px; border: 1px solid var(--line-strong); border-radius: 10px; background: var(--surface); font-size: 16px; }
.button.leave { color: var(--danger); }
.order-list { list-style: none; }
.order-list li + li { border-top: 1px solid var(--line); }
.order-list a { display: flex; align-items: center; gap: 14px; padding: 16px 0; color: inherit; text-decoration: none; }
.order-list svg { flex: none; width: 72px; height: 54px; border-radius: 8px; }
.order-list .right { text-align: right; }
.order-list .small { white-space: nowrap; }
.order-list .grow { flex: 1; min-width: 0; }
.colophon { border-top: 1px solid var(--line); background: var(--surface); color: var(--ink-faint); font-size: 13px; }
.colophon .wide { display: flex; flex-wrap: wrap; gap: 6px 18px; padding-top: 22px; padding-bottom: 26px; }
.colophon a { color: var(--ink-soft); }
@media (max-width: 760px) {
  .hero .wide { padding-top: 36px; padding-bottom: 40px; }
  .hero h1 { font-size: 27px; }
  .shelf { grid-template-columns: repeat(2, 1fr); gap: 12px; }
  .split, .split.checkout { grid-template-columns: minmax(0, 1fr); gap: 18px; margin-top: 20px; }
  .order-list a { gap: 10px; } .order-list svg { width: 56px; height: 42px; } .order-list .small { font-size: 13px; }
}
`

/** The common style sheet in the shop's colours, with the shop's own rules. */
export const shopCss: string = createStyleSheet({ rules, theme })
