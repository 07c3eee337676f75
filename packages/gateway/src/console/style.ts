import { compactCss, createStyleSheet, withPlainFallbacks } from '../design/style-sheet.ts'
import { redTheme, type Theme } from '../design/tokens.ts'

const theme: Theme = {
  light: { accent: '#1f5be0', 'accent-strong': '#1645b0', 'accent-soft': '#eef4ff' },
  dark: { accent: '#7da8ff', 'accent-strong': '#a0c0ff', 'accent-soft': '#1d2c4c' },
}

const rules = `
body { display: flex; flex-direction: column; min-height: 100vh; }
.topbar { background: #141a26; border-bottom: 1px solid #2a3548; color: #fff; }
.topbar .wide { display: flex; align-items: center; flex-wrap: wrap; gap: 4px 2px; min-height: 60px; }
.wordmark { display: inline-flex; align-items: center; gap: 10px; color: #fff; font-weight: 800; letter-spacing: -.02em; text-decoration: none; }
.wordmark:hover { color: #fff; }
.wordmark svg { width: 26px; height: 26px; }
.wordmark small { color: #97a3b8; font-weight: 500; font-size: 13px; letter-spacing: 0; }
.tabs { display: flex; gap: 2px; overflow-x: auto; margin-left: auto; }
.tabs + .tabs { margin-left: 0; }
.tabs a { padding: 9px 13px; border-radius: 9px; color: #b9c3d4; font-size: 14px; font-weight: 600; text-decoration: none; white-space: nowrap; }
.tabs a:hover { background: #222b3b; color: #fff; }
.tabs a[aria-current] { background: #2a3548; color: #fff; }
.topbar a:focus-visible { outline-color: #aac6ff; }
main.wide { flex: 1; padding-top: 32px; padding-bottom: 64px; }
.page-head { display: flex; align-items: flex-end; justify-content: space-between; flex-wrap: wrap; gap: 8px 20px; margin-bottom: 18px; }
.page-head p { margin-top: 4px; }
.live { display: inline-flex; align-items: center; gap: 7px; color: var(--ink-faint); font-size: 13px; }
.live::before { content: ''; width: 8px; height: 8px; border-radius: 50%; background: var(--success); }
.ledger { padding: 6px 8px; }
.ledger .table td { vertical-align: middle; }
.ledger .table tbody tr:last-child td { border-bottom: 0; }
.ledger .table tbody tr { position: relative; }
.code { font-family: ui-monospace, SFMono-Regular, Consolas, Menlo, monospace; font-size: 13px; overflow-wrap: anywhere; }
.row-link { color: var(--ink); font-weight: 600; text-decoration: none; }
.row-link::after { content: ''; position: absolute; top: 0; right: 0; bottom: 0; left: 0; }
.row-link:hover { color: var(--accent); }
.key-mark { position: relative; padding: 1px 8px; border: 1px solid var(--line-strong); border-radius: 999px; color: var(--ink-soft); font-size: 12px; text-decoration: none; white-space: nowrap; }
.key-mark:hover { border-color: var(--accent); color: var(--accent); }
.section-title { margin: 26px 0 12px; font-size: 18px; }
.pager { display: flex; justify-content: space-between; gap: 10px; margin-top: 18px; }
.empty { padding: 46px 24px; text-align: center; }
.empty svg { width: 64px; height: 64px; color: var(--line-strong); }
.empty ol { display: inline-block; margin: 18px auto 0; padding-left: 22px; text-align: left; color: var(--ink-soft); }
.empty li + li { margin-top: 6px; }
.badge.big { padding: 5px 14px; border: 1px solid var(--line); font-size: 14px; }
.card .table tbody tr:last-child td { border-bottom: 0; }
.stacked .table td { vertical-align: middle; }
.stacked form { margin: 0; text-align: right; }
.shop-answer { display: block; max-width: 330px; overflow-wrap: anywhere; }
.filters { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 16px; }
.filters a { padding: 7px 14px; border: 1px solid var(--line-strong); border-radius: 999px; background: var(--surface); color: var(--ink-soft); font-size: 14px; font-weight: 600; text-decoration: none; }
.filters a:hover { border-color: var(--ink-faint); color: var(--ink); }
.filters a[aria-current] { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.days input, .days select { border: 1px solid var(--line-strong); border-radius: var(--radius-small); background: var(--surface); }
.crumb { display: inline-block; margin-bottom: 12px; font-size: 14px; text-decoration: none; }
.columns { display: grid; grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr); gap: 18px; align-items: start; }
.columns .card + .card, .columns + .card { margin-top: 18px; }
.cancellations .table td { padding-left: 0; padding-right: 0; }
.timeline { margin: 0; padding: 0; list-style: none; }
.timeline li { position: relative; padding: 0 0 24px 26px; }
.timeline li::before { content: ''; position: absolute; left: 3px; top: 7px; width: 11px; height: 11px; border-radius: 50%; background: var(--ink-faint); box-shadow: 0 0 0 4px var(--ground); }
.timeline li::after { content: ''; position: absolute; left: 8px; top: 24px; bottom: -2px; width: 1px; background: var(--line-strong); }
.timeline li:last-child { padding-bottom: 18px; } .timeline li:last-child::after { display: none; }
.timeline .success::before { background: var(--success); } .timeline .danger::before { background: var(--danger); }
.timeline .warning::before { background: var(--warning); } .timeline .info::before { background: var(--info); }
.timeline .code { color: var(--ink-faint); }
.masked td:first-child { width: 34%; }
.masked td { vertical-align: top; overflow-wrap: anywhere; }
.masked .faint { display: block; }
.colophon.wide { padding-top: 18px; padding-bottom: 26px; color: var(--ink-faint); font-size: 13px; }
@media (max-width: 760px) {
  main.wide { padding-top: 22px; }
  .topbar .wide { flex-wrap: nowrap; gap: 12px; min-height: 52px; }
  .wordmark span { display: none; }
  .tools { min-width: 0; margin: 0 -20px 0 0; padding-right: 20px; }
  .tools a { padding: 12px 10px; }
  .tabs:first-of-type { position: fixed; left: 0; right: 0; bottom: 0; z-index: 2; gap: 0; background: #141a26; border-top: 1px solid #2a3548; padding-bottom: env(safe-area-inset-bottom); }
  .tabs:first-of-type a { flex: 1; padding: 15px 0; border-radius: 0; text-align: center; }
  .colophon.wide { padding-bottom: 84px; }
  .columns { grid-template-columns: minmax(0, 1fr); }
  .stacked table, .stacked tbody { display: block; } .stacked thead { display: none; }
  .stacked tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; grid-auto-flow: dense; gap: 4px 12px; padding: 14px 0; border-bottom: 1px solid var(--line); }
  .stacked tr:last-child { border-bottom: 0; padding-bottom: 0; }
  .stacked .table td { padding: 0; border: 0; }
  .stacked .whole { grid-column: 1 / -1; }
  .stacked .tag { text-align: right; } .stacked .line { grid-column: 1; } .stacked .closing { grid-column: 2; grid-row: span 2; align-self: end; }
  .ledger { padding: 0; overflow: hidden; }
  .ledger .table-scroll { overflow: visible; }
  .ledger table, .ledger tbody { display: block; } .ledger thead { display: none; }
  .ledger tbody tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 12px; padding: 14px 16px; border-bottom: 1px solid var(--line); }
  .ledger tbody tr:last-child { border-bottom: 0; }
  .ledger tbody td { padding: 0; border: 0; }
  .ledger td.at { order: 3; color: var(--ink-faint); font-size: 13px; } .ledger td.order { order: 1; } .ledger td.money { order: 2; }
  .ledger td.state { order: 4; text-align: right; } .ledger td.merchant { display: none; }
}
`

const consoleCss = createStyleSheet({ rules, theme })

/** The common design, the console's own rules, and those of one page. */
export const consoleCssWith = (css = ''): string =>
  consoleCss + compactCss(withPlainFallbacks(css, { ...redTheme.light, ...theme.light }))
