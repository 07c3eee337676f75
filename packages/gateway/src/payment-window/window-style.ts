import { createStyleSheet } from '../design/style-sheet.ts'
import { skinThemes } from '../design/tokens.ts'
import { clearCell, digitCells, eraseCell, keypadGrid } from '../keypad/model.ts'

const rules = `
html, body { min-height: 100%; }
[hidden] { display: none !important; }
body { background: var(--surface); }
.window { position: relative; width: 100%; max-width: 480px; margin: 0 auto; padding: 0 20px 24px; background: var(--surface); }
.top { height: 50px; padding-right: 146px; line-height: 50px; font-size: 15px; font-weight: 700; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.top svg { width: 16px; height: 16px; margin-right: 6px; vertical-align: -2px; }
.test { margin: 0 -20px; padding: 5px 20px; background: var(--warning-soft); color: var(--warning); font-size: 13px; font-weight: 600; line-height: 20px; text-align: center; }
.ask { position: fixed; top: 0; right: 0; bottom: 0; left: 0; z-index: 2; padding: 20px; background: #191f28; background: rgba(25, 31, 40, .6); white-space: normal; animation: appear .16s; }
.ask > div { max-width: 320px; margin: 22vh auto 0; padding: 24px 20px 20px; border-radius: var(--radius); background: var(--surface); text-align: center; }
.ask .button.block { min-height: 52px; margin-top: 10px; } .ask p { margin: 8px 0 18px; color: var(--ink-soft); font-size: 15px; }
main { animation: appear .16s; } @keyframes appear { from { opacity: 0; } }
.language { position: absolute; z-index: 1; top: 3px; right: 12px; line-height: 24px; }
.language .link { padding: 8px; font-size: 13px; font-weight: 500; text-decoration: none; }
.language .link:hover { text-decoration: underline; }
.top .language { right: 86px; }
.stop { position: absolute; top: 3px; right: 8px; }
.stop .button { min-height: 44px; padding-left: 12px; padding-right: 12px; }
.summary { margin: 0 -20px; padding: 13px 20px; background: var(--accent-soft); overflow: hidden; }
.summary .who { float: left; max-width: 58%; } .summary .who.whole { max-width: 100%; }
.summary .who * { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.summary .shop { font-size: 13px; line-height: 18px; color: var(--ink-soft); }
.summary .goods { font-size: 15px; line-height: 22px; font-weight: 600; }
.summary .amount { float: right; color: var(--ink); font-size: 23px; line-height: 40px; }
.split { margin: 0 -20px; padding: 0 20px 4px; background: var(--accent-soft); font-size: 13px; } .split summary { min-height: 24px; color: var(--ink-soft); } .split dt { float: left; color: var(--ink-soft); } .split dd { margin: 0; text-align: right; }
.steps { height: 3px; margin: 0 -20px; background: var(--line); }
.steps span { display: block; height: 3px; background: var(--accent); }
.w1 { width: 17%; } .w2 { width: 34%; } .w3 { width: 50%; } .w4 { width: 67%; } .w5 { width: 84%; } .w6 { width: 100%; }
header, main, footer { display: block; }
main { padding-top: 22px; }
main h1 { font-size: 22px; }
.lead { margin-top: 6px; color: var(--ink-soft); font-size: 15px; }
.lead.spaced { margin-bottom: 20px; }
main .notice { margin-bottom: 18px; }
main .error, main .notice.danger { position: relative; padding-left: 24px; } main .notice.danger { padding-left: 44px; }
main .error::before, main .notice.danger::before { position: absolute; left: 0; top: 2px; width: 17px; height: 17px; border-radius: 50%; background: var(--danger); color: var(--surface); font-size: 12px; font-weight: 800; line-height: 17px; text-align: center; content: '!'; } main .notice.danger::before { left: 16px; top: 16px; }
.term { position: relative; border-bottom: 1px solid var(--line); }
.term .choice, .all { border: 0; margin: 0; padding: 13px 0 13px 34px; }
.term .choice { padding-right: 88px; }
.term .choice input, .all input { left: 2px; top: 15px; }
.all { margin-top: 16px; padding: 15px 16px 15px 48px; border-radius: var(--radius-small); background: var(--ground); font-weight: 700; }
.all input { left: 16px; top: 17px; }
.term details[open] { padding-bottom: 14px; }
.term details { margin-left: 34px; font-size: 13px; color: var(--ink-soft); line-height: 1.6; }
.term summary { position: absolute; top: 0; right: 0; padding: 13px 0; line-height: 25px; color: var(--ink-soft); text-decoration: underline; text-underline-offset: 3px; }
.agreement { margin-top: 20px; border-top: 1px solid var(--line); } .agreement p { padding: 13px 88px 13px 0; line-height: 25px; } .agreement details { margin-left: 0; } .agreement details p { padding: 0; line-height: 1.6; }
.half { float: left; width: 48.5%; } .half + .half { float: right; } .halves { overflow: hidden; margin: 0 -3px; padding: 0 3px 3px; }
.dash { color: var(--ink-faint); }
.gender { width: 54px; flex: none; }
.gender input { text-align: center; }
.masked { white-space: nowrap; letter-spacing: .18em; color: var(--ink-faint); }
.code input[type=text] { font-size: 22px; letter-spacing: .3em; font-variant-numeric: tabular-nums; }
.field input.dotted { width: 48.5%; -webkit-text-security: disc; }
.corporate { margin-top: 8px; } .corporate summary { min-height: 44px; padding: 11px 0; color: var(--ink-soft); font-size: 14px; text-decoration: underline; text-underline-offset: 3px; cursor: pointer; } .corporate .field { margin-top: 0; }
.aside { margin-top: 14px; text-align: center; }
.aside form { display: inline-block; margin: 0 4px; }
.link { min-height: 44px; padding: 8px 12px; border: 0; background: none; color: var(--ink-soft); font-size: 14px; text-decoration: underline; text-underline-offset: 3px; cursor: pointer; }
.link:hover { color: var(--ink); }
.pay-with .field { margin-top: 0; }
.pay-with .field label { margin-bottom: 4px; }
.pay-with select { min-height: 48px; padding-top: 10px; padding-bottom: 10px; }
.pay-with.two .half { width: 40%; } .pay-with.two .half:first-child { width: 57.5%; }
.pay-with select { padding-left: 12px; padding-right: 32px; background-position: right 12px center; text-overflow: ellipsis; }
.hidden-card { min-height: 48px; padding-top: 4px; line-height: 22px; } .hidden-card .small { color: var(--ink-soft); } .hidden-card .link { display: block; margin: -8px 0 -14px; padding: 8px 0; font-size: 13px; }
.dots { margin: 14px 0 12px; text-align: center; height: 16px; line-height: 16px; }
.dot { display: inline-block; width: 14px; height: 14px; margin: 0 8px; border-radius: 50%; background: var(--line); }
.dot.filled { background: var(--accent); }
.keypad { position: relative; max-width: 360px; margin: 0 auto; overflow: hidden; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
.keypad img { display: block; width: 100%; height: auto; }
.keypad button { position: absolute; width: 33.34%; height: 25%; margin: 0; padding: 0; border: 0; border-right: 1px solid var(--line); border-bottom: 1px solid var(--line); border-radius: 0; background: transparent; color: var(--ink-soft); font-size: 16px; font-weight: 600; cursor: pointer; touch-action: manipulation; -webkit-tap-highlight-color: transparent; }
.keypad .cell-2, .keypad .cell-5, .keypad .cell-8, .keypad .cell-11 { border-right: 0; }
.keypad .cell-9, .keypad .cell-10, .keypad .cell-11 { border-bottom: 0; }
@media (hover: hover) { .keypad button:hover { background: var(--shade); } }
.keypad button:active { background: var(--shade); }
.keypad button:focus { outline-offset: -3px; }
.busy { pointer-events: none; } .busy .keypad, .busy .button { opacity: .55; }
.labelled { height: 264px; background: var(--surface); }
.labelled button { color: var(--ink); font-size: 26px; }
.labelled .cell-9, .labelled .cell-11 { font-size: 16px; }
.key-mode { margin-top: 2px; color: var(--ink-soft); font-size: 14px; text-align: center; }
.key-mode summary, .key-mode .link { min-height: 44px; padding: 11px 12px; text-decoration: underline; text-underline-offset: 3px; }
.key-mode p { padding: 8px 0; }
.safe { margin-top: 18px; color: var(--ink-faint); font-size: 12px; line-height: 18px; text-align: center; }
.rule { color: var(--ink-faint); font-size: 13px; text-align: center; }
.password main { padding-top: 14px; } .password main h1 { font-size: 18px; text-align: center; margin-top: 12px; } .password .aside { margin-top: 4px; } .password .safe { display: none; }
.done { padding: 76px 0 24px; text-align: center; }
.done svg { width: 60px; height: 60px; margin-bottom: 18px; }
.done .good { color: var(--success); } .done .good path { stroke: var(--surface); }
.done p { margin-top: 10px; color: var(--ink-soft); }
.countdown { color: var(--ink-soft); font-size: 14px; font-weight: 600; font-variant-numeric: tabular-nums; }
.aside .hint, .aside .error { margin: 0 0 2px; }
.more { margin-top: 2px; font-size: 14px; text-align: center; } .more > summary { min-height: 44px; padding: 11px 12px; color: var(--ink-soft); text-decoration: underline; text-underline-offset: 3px; } .password summary { list-style: none; } .password summary::-webkit-details-marker { display: none; }
.passkey { margin-top: 14px; }
.pay-with + .passkey { margin: 4px 0 10px; }
.passkeys dt { width: 70%; line-height: 21px; } .passkeys dd { margin-left: 70%; }
html .developer { margin-top: 40px; text-align: left; border-top: 1px solid var(--line); color: var(--ink-soft); font-size: 14px; } .developer summary { min-height: 44px; padding: 11px 0; } .developer p, .developer ul { margin-top: 12px; } .developer li { margin: 8px 0 0 18px; } .developer .notice { font-size: 14px; }
.cards { margin-top: 18px; list-style: none; }
.cards .card { padding: 16px; box-shadow: none; } .cards .card + .card { margin-top: 10px; }
.card-name { display: block; position: relative; min-height: 26px; margin-bottom: 10px; padding-left: 50px; line-height: 26px; }
.card-name::before { position: absolute; left: 0; top: 1px; width: 38px; height: 24px; border-radius: 4px; background: #55606f; content: ''; }
.card-name::after { position: absolute; left: 5px; top: 7px; width: 8px; height: 6px; border-radius: 2px; background: #f3d58b; content: ''; }
[data-issuer='01']::before { background: #e2483d; } [data-issuer='02']::before { background: #6b5c4c; } [data-issuer='04']::before { background: #1428a0; } [data-issuer='06']::before { background: #1a56ff; } [data-issuer='07']::before { background: #16181d; } [data-issuer='08']::before { background: #c8102e; } [data-issuer='37']::before { background: #d9b400; }
.cards .expired .card-name::before { opacity: .45; }
.field > .card-name { margin: 11px 0; font-weight: 600; } .field > .card-name .badge { display: none; }
.pay-with .choice { padding: 11px 12px 11px 46px; } .pay-with .choice input { left: 14px; top: 14px; } .choice .card-name { margin: 0; color: var(--ink); font-size: 16px; } [data-step=confirm] .pay-with { margin-top: 18px; } [data-step=confirm] .pay-with .half, [data-step=confirm] .pay-with .half:first-child { float: none; width: 100%; } [data-step=confirm] .half + .half { margin-top: 18px; }
.cards label { color: var(--ink-soft); font-size: 13px; }
.cards input[type=text] { min-width: 0; min-height: 44px; padding: 8px 12px; border: 1px solid var(--line-strong); border-radius: var(--radius-small); background: var(--surface); color: var(--ink); }
.cards .button { min-height: 44px; } .cards .choices { margin: 6px -14px -8px 0; text-align: right; } .cards .choices form { display: inline-block; }
.cards .row .button { border-color: var(--line-strong); color: var(--ink); }
.cards .choices [data-step=confirm-delete-card] { margin-right: 14px; } .cards [data-step=confirm-delete-card] .button { border-color: var(--danger); color: var(--danger); }
.cards ::placeholder { color: var(--ink-faint); opacity: 1; }
.issuers { overflow: hidden; margin: 12px -4px 0; } form .field + .issuers { margin-top: 16px; }
.issuer { float: left; width: 33.33%; width: calc(33.33% - 8px); min-height: 52px; margin: 4px; padding: 6px 4px; border: 1px solid var(--line-strong); border-radius: var(--radius-small); background: var(--surface); color: var(--ink); font-size: 15px; font-weight: 600; line-height: 1.25; cursor: pointer; }
.issuer:hover { border-color: var(--accent); }
.other-issuers .issuers { margin-top: 0; } .other-issuers .issuer { height: 64px; font-size: 13px; }
@media (prefers-color-scheme: dark) { .keypad img { filter: invert(1); mix-blend-mode: screen; } }
@media (forced-colors: active) {
  .keypad button { forced-color-adjust: none; }
  .labelled button { forced-color-adjust: auto; }
  .dot { border: 1px solid CanvasText; } .dot.filled, .steps span { background: Highlight; forced-color-adjust: none; }
}
@media (max-width: 430px) {
  .password .window { display: -webkit-flex; display: flex; min-height: 100vh; min-height: 100dvh; -webkit-flex-direction: column; flex-direction: column; padding-bottom: 0; }
  .password main { display: -webkit-flex; display: flex; -webkit-flex: 1; flex: 1; -webkit-flex-direction: column; flex-direction: column; }
  .password main > form:first-of-type { display: -webkit-flex; display: flex; -webkit-flex: 1; flex: 1; -webkit-flex-direction: column; flex-direction: column; }
  .password main > form > h1 { margin-top: auto; font-size: 20px; } .password .dots { margin-bottom: auto; padding-bottom: 20px; box-sizing: content-box; }
  .password .keypad { width: auto; max-width: none; margin: 14px -20px 0; border-width: 1px 0; border-radius: 0; }
}
@media (max-height: 720px) { .password .keypad img { height: 212px; } .password .labelled { height: 212px; } .test { padding: 2px 20px; } .password main { padding-top: 10px; } .password .notice { margin-bottom: 8px; padding: 8px 12px; font-size: 14px; } .password main h1 { margin-top: 8px; } .password .pay-with select { min-height: 44px; padding-top: 8px; padding-bottom: 8px; } .password .dots { margin: 8px 0; } .password .aside { margin-top: 0; } .password .window { padding-bottom: 0; } }
@media (max-height: 620px) { .top { height: 42px; line-height: 42px; } .stop, .top .language { top: -1px; } .summary { padding-top: 8px; padding-bottom: 8px; } .dots { margin: 10px 0 8px; } .keypad { max-width: 310px; } .labelled { height: 220px; } .key-mode summary, .more > summary { min-height: 38px; padding: 7px 12px; } .test { padding: 2px 20px; } }
@media (min-width: 560px) { body { background: var(--ground); } .window { margin-top: 32px; margin-bottom: 32px; border: 1px solid var(--line); border-radius: 20px; box-shadow: var(--shadow); overflow: hidden; } }
`

const percent = (part: number, whole: number): string => `${Math.round((part / whole) * 10000) / 100}%`

const cellRules = [...digitCells, clearCell, eraseCell]
  .map((cell) => {
    const left = percent(cell % keypadGrid.columns, keypadGrid.columns)
    const top = percent(Math.floor(cell / keypadGrid.columns), keypadGrid.rows)
    return `.cell-${cell}{left:${left};top:${top}}`
  })
  .join('')

/** Of the pages where a buyer types: identity, one-time code, card. */
const formRules = `
.tiles { margin: 0 -4px; overflow: hidden; }
form .field { position: relative; }
.field .tile { position: relative; float: left; width: 33.33%; margin: 0; padding: 4px; font-weight: 500; color: var(--ink); }
.tile input { position: absolute; left: 4px; top: 4px; width: 100%; width: calc(100% - 8px); height: 48px; margin: 0; opacity: 0; cursor: pointer; }
.tile span { display: block; height: 48px; border: 1px solid var(--line-strong); border-radius: var(--radius-small); line-height: 46px; font-size: 15px; text-align: center; white-space: nowrap; }
.tile input:checked + span { border-color: var(--ink); background: var(--ink); color: var(--surface); font-weight: 700; }
@supports (appearance: none) or (-webkit-appearance: none) { .tile input { opacity: 1; -webkit-appearance: none; appearance: none; border: 0; border-radius: var(--radius-small); background: none; } }
.field .tile input[aria-invalid=true] { background: none; } .field .tile input:focus { box-shadow: none; } .field .tile input:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.tile input[aria-invalid=true] + span { border-color: var(--danger); }
.half input[type=text].dotted { width: 100%; }
.card-number input[type=text] { padding-right: 68px; font-variant-numeric: tabular-nums; }
.card-mark { position: absolute; right: 14px; top: 42px; width: 42px; height: 27px; border-radius: 5px; background: var(--line); }
.card-mark::after { position: absolute; left: 6px; top: 9px; width: 9px; height: 7px; border-radius: 2px; background: var(--surface); content: ''; }
.card-issuer { position: absolute; right: 0; top: 0; font-size: 14px; font-weight: 700; line-height: 22px; }
.card-mark[data-issuer] { background: #55606f; } .card-mark[data-issuer]::after { background: #f3d58b; }
.card-mark[data-issuer='01'] { background: #e2483d; } .card-mark[data-issuer='02'] { background: #6b5c4c; } .card-mark[data-issuer='04'] { background: #1428a0; } .card-mark[data-issuer='06'] { background: #1a56ff; } .card-mark[data-issuer='07'] { background: #16181d; } .card-mark[data-issuer='08'] { background: #c8102e; } .card-mark[data-issuer='37'] { background: #d9b400; }
.test-input { margin-top: 16px; padding: 9px 10px 9px 14px; border: 1px dashed var(--line-strong); border-radius: var(--radius-small); overflow: hidden; font-size: 14px; line-height: 44px; }
.test-input .button { float: right; min-height: 44px; padding: 9px 14px; font-size: 14px; }
.test-input + form .field:first-of-type { margin-top: 16px; }
.link[disabled] { color: var(--ink-faint); text-decoration: none; cursor: default; font-variant-numeric: tabular-nums; }
@media (forced-colors: active) { .tile input:checked + span { background: Highlight; color: HighlightText; forced-color-adjust: none; } }
`

/** Inlined into every page, so that a page is one request. */
export const windowCss: string = createStyleSheet({ rules: rules + formRules, skins: skinThemes }) + cellRules
