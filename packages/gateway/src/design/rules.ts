/** Elements without a class. */
export const elementRules = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink); font-size: 16px; line-height: 1.55; word-break: keep-all; overflow-wrap: break-word;
  font-family: -apple-system, BlinkMacSystemFont, 'Apple SD Gothic Neo', 'Segoe UI', 'Malgun Gothic', 'Noto Sans KR', 'Noto Sans CJK KR', Roboto, Helvetica, Arial, sans-serif;
  -webkit-font-smoothing: antialiased;
}
h1, h2, h3 { margin: 0; font-weight: 700; letter-spacing: -.02em; line-height: 1.32; }
h1 { font-size: 24px; } h2 { font-size: 19px; } h3 { font-size: 16px; }
p, ul, ol, dl { margin: 0; padding: 0; }
p + p { margin-top: 8px; }
a { color: var(--accent); text-underline-offset: 3px; }
a:hover { color: var(--accent-strong); }
img { border: 0; max-width: 100%; }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
legend { padding: 0; }
input, select, textarea, button { font: inherit; color: inherit; }
hr { border: 0; border-top: 1px solid var(--line); margin: 20px 0; }
code, kbd, samp, pre { font-family: ui-monospace, SFMono-Regular, Consolas, 'D2Coding', Menlo, monospace; font-size: .9em; }
code { background: var(--ground); border-radius: 6px; padding: 1px 5px; word-break: break-all; }
pre { background: var(--ground); border: 1px solid var(--line); border-radius: var(--radius-small); padding: 14px 16px; overflow: auto; line-height: 1.5; }
pre code { background: none; padding: 0; word-break: normal; }
summary { cursor: pointer; }
a:focus, button:focus, input:focus, select:focus, textarea:focus, summary:focus { outline: 2px solid var(--accent); outline-offset: 2px; }
a:focus:not(:focus-visible), button:focus:not(:focus-visible), summary:focus:not(:focus-visible) { outline: 0; }
`

/**
 * Page: .column (phone width) .wide · Surface: .card .card-title · Text: .soft .faint .small .number .amount .center
 * .strong Action: .button (+ .secondary .quiet .danger .block .small-button) .actions · Form: .field .hint .error .row
 * .choice .choices Data: .facts (dl) .table-scroll .table · Message: .notice (+ .danger .success .warning .info) ·
 * .badge (+ same) · .visually-hidden
 */
export const componentRules = `
.column { width: 100%; max-width: 480px; margin: 0 auto; padding: 0 20px; }
.wide { width: 100%; max-width: 1120px; margin: 0 auto; padding: 0 20px; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); padding: 22px; }
.card + .card { margin-top: 16px; }
.card-title { margin-bottom: 14px; }
.soft { color: var(--ink-soft); } .faint { color: var(--ink-faint); } .small { font-size: 14px; } .center { text-align: center; } .strong { font-weight: 700; }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.amount { font-size: 26px; font-weight: 800; letter-spacing: -.02em; font-variant-numeric: tabular-nums; white-space: nowrap; }
.button {
  display: inline-block; min-height: 52px; padding: 13px 22px; border: 1px solid var(--accent); border-radius: var(--radius-small); background: var(--accent); color: var(--on-accent);
  font-weight: 700; line-height: 24px; text-align: center; text-decoration: none; cursor: pointer; -webkit-appearance: none; appearance: none; touch-action: manipulation;
  transition: background-color .12s, border-color .12s;
}
.button:hover { background: var(--accent-strong); border-color: var(--accent-strong); color: var(--on-accent); }
.button:active { background: var(--accent-strong); }
.button[disabled] { opacity: .5; cursor: default; }
.button.secondary { background: var(--surface); border-color: var(--line-strong); color: var(--ink); }
.button.secondary:hover, .button.secondary:active { background: var(--ground); }
.button.quiet { background: transparent; border-color: transparent; color: var(--ink-soft); font-weight: 500; }
.button.quiet:hover { background: var(--ground); color: var(--ink); }
.button.danger, .button.danger:hover { background: var(--danger); border-color: var(--danger); color: var(--on-accent); }
.button.block { display: block; width: 100%; }
.button.small-button { min-height: 40px; padding: 7px 14px; font-size: 14px; }
.actions { margin-top: 24px; }
.actions .button + .button { margin-left: 8px; }
.actions .button.block + .button.block { margin: 10px 0 0; }
.field { margin-top: 18px; }
.field label, .field legend, .label { display: block; margin-bottom: 7px; color: var(--ink-soft); font-size: 14px; font-weight: 600; }
.field input[type=text], .field input[type=tel], .field input[type=email], .field input[type=number], .field input[type=search], .field input[type=date], .field input[type=url], .field input[type=password], .field select, .field textarea {
  display: block; width: 100%; min-height: 52px; margin: 0; padding: 12px 15px; border: 1px solid var(--line-strong); border-radius: var(--radius-small);
  background: var(--surface); color: var(--ink); line-height: 26px; -webkit-appearance: none; appearance: none;
}
.field select {
  padding-right: 40px; background-repeat: no-repeat; background-position: right 15px center;
  background-image: url("data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20width='12'%20height='8'%3E%3Cpath%20d='M1%201l5%205%205-5'%20fill='none'%20stroke='%237b8798'%20stroke-width='1.8'/%3E%3C/svg%3E");
}
.field select::-ms-expand { display: none; }
.field input:focus, .field select:focus, .field textarea:focus { border-color: var(--accent); outline: 0; box-shadow: 0 0 0 1px var(--accent); }
.field input[aria-invalid=true], .field select[aria-invalid=true] { border-color: var(--danger); background: var(--danger-soft); }
.field ::placeholder { color: var(--ink-faint); opacity: 1; }
.hint { margin-top: 6px; color: var(--ink-faint); font-size: 13px; }
.error { margin-top: 7px; color: var(--danger); font-size: 14px; font-weight: 600; }
.row { display: -webkit-box; display: -ms-flexbox; display: -webkit-flex; display: flex; -ms-flex-align: center; -webkit-align-items: center; align-items: center; }
.row > * + * { margin-left: 10px; }
.row > .grow { -webkit-box-flex: 1; -ms-flex: 1; -webkit-flex: 1; flex: 1; min-width: 0; }
.choice { position: relative; display: block; margin-top: 8px; padding: 14px 16px 14px 48px; border: 1px solid var(--line-strong); border-radius: var(--radius-small); background: var(--surface); cursor: pointer; }
.choice input { position: absolute; left: 16px; top: 17px; width: 20px; height: 20px; margin: 0; accent-color: var(--accent); }
.choice:hover { border-color: var(--ink-faint); }
.facts { display: block; }
.facts > div { padding: 9px 0; overflow: hidden; }
.facts > div + div { border-top: 1px solid var(--line); }
.facts dt { float: left; width: 38%; padding-right: 12px; color: var(--ink-faint); font-size: 14px; line-height: 25px; }
.facts dd { margin: 0 0 0 38%; text-align: right; overflow-wrap: anywhere; }
.table-scroll { overflow-x: auto; -webkit-overflow-scrolling: touch; }
.table { width: 100%; border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
.table th, .table td { padding: 11px 12px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.table th { color: var(--ink-faint); font-size: 13px; font-weight: 600; white-space: nowrap; }
.table tbody tr:hover { background: var(--ground); }
.table .right { text-align: right; }
.notice { padding: 13px 16px; border-radius: var(--radius-small); background: var(--ground); color: var(--ink); font-size: 15px; }
.notice.danger { background: var(--danger-soft); color: var(--danger); }
.notice.success { background: var(--success-soft); color: var(--success); }
.notice.warning { background: var(--warning-soft); color: var(--warning); }
.notice.info { background: var(--info-soft); color: var(--info); }
.badge { display: inline-block; padding: 2px 9px; border-radius: 999px; background: var(--ground); color: var(--ink-soft); font-size: 12px; font-weight: 700; line-height: 20px; white-space: nowrap; }
.badge.danger { background: var(--danger-soft); color: var(--danger); }
.badge.success { background: var(--success-soft); color: var(--success); }
.badge.warning { background: var(--warning-soft); color: var(--warning); }
.badge.info { background: var(--info-soft); color: var(--info); }
.visually-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; border: 0; overflow: hidden; clip: rect(0 0 0 0); white-space: nowrap; }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important; } }
`
