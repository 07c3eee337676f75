/** Of the pages where a buyer types: identity, one-time code, card. */
export const formRules = `
.tiles { margin: 0 -4px; overflow: hidden; }
.field { position: relative; }
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
