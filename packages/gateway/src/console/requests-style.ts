/** What only the list and the pages of the request log have. */
export const requestsCss = `
.find { margin-bottom: 16px; }
.find-line { display: flex; gap: 8px; max-width: 520px; }
.find-line .grow { flex: 1; min-width: 0; }
.find input, .find select { width: 100%; min-height: 40px; padding: 6px 12px; border: 1px solid var(--line-strong); border-radius: var(--radius-small); background: var(--surface); }
.find details { margin-top: 10px; }
.find-more { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 10px 14px; margin-top: 10px; }
.find-more label { color: var(--ink-soft); font-size: 13px; font-weight: 600; }
.find-more input, .find-more select { display: block; margin-top: 4px; font-weight: 400; }
.find-links { margin-top: 10px; }
.find-links a + a { margin-left: 12px; }
.way { font-weight: 700; } .way.in { color: var(--info); } .way.out { color: var(--ink-faint); }
.detail { color: var(--ink-soft); font-weight: 500; }
.badge .code { font-size: 12px; }
.calls td.at { color: var(--ink-soft); }
.calls td.merchant { white-space: nowrap; }
@media (max-width: 760px) {
  .ledger.calls td.merchant { display: block; grid-column: 1 / -1; order: 5; }
  .ledger.calls td.merchant:empty { display: none; }
}
`
