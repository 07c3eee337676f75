import { html } from 'hono/html'
import type { RecordedCall } from '../request-log/model.ts'
import type { SafeHtml } from './frame.ts'
import { callTitle, directionMark, resultBadge } from './requests-page.ts'
import { formatMoment, kindText, type Party, parties, partyText } from './requests-wording.ts'
import { formatElapsed } from './wording.ts'

/** The x coordinate of each party in the SVG of the arrows. */
const laneOf: Readonly<Record<Party, number>> = { buyer: 30, shop: 90, gateway: 150, outside: 210 }

/** Longer pauses, usually the buyer's, get a line of their own. */
const pauseMs = 3_000

/** Every call of one payment, with the time since the first. */
export function requestsTimeline(calls: readonly RecordedCall[], current?: number): SafeHtml {
  const [first] = calls
  if (first === undefined) return html``
  return html`<section class="card calls-timeline" id="requests"><h2 class="card-title" title="Every call in and out, from the form to the notification">요청 흐름 <span class="small faint number">${calls.length}건</span></h2>
<div class="lane-row lane-head" aria-hidden="true"><span></span><span class="lane-names">${parties.map(
    (party) => html`<span title="${partyText[party].en}">${partyText[party].ko}</span>`,
  )}</span></div>
<ol>${calls.map((call, index) => html`${pause(calls[index - 1], call)}${entry(call, first, current)}`)}</ol></section>`
}

function pause(previous: RecordedCall | undefined, call: RecordedCall): SafeHtml {
  if (previous === undefined) return html``
  const waitedMs = call.startedAt.getTime() - previous.startedAt.getTime() - previous.durationMs
  return waitedMs < pauseMs
    ? html``
    : html`<li class="lane-row lane-pause"><span></span><span class="lane"></span><span class="small faint">${formatElapsed(waitedMs)} 뒤</span></li>`
}

const entry = (
  call: RecordedCall,
  first: RecordedCall,
  current: number | undefined,
): SafeHtml => html`<li class="lane-row"${call.id === current ? html` aria-current="true"` : ''}>
<span class="offset number small faint" title="${formatMoment(call.startedAt)}">+${formatOffset(call.startedAt.getTime() - first.startedAt.getTime())}</span>
<span class="lane">${arrow(call)}</span>
<span class="what">${directionMark(call)} <a class="row-link" href="/requests/${call.id}">${callTitle(call)}</a><span class="visually-hidden">, ${partyText[kindText[call.kind].from].ko}에서 ${partyText[kindText[call.kind].to].ko}(으)로</span>
<span class="small faint number">${isHandOver(call) ? '' : formatElapsed(call.durationMs)}</span></span>
<span class="end">${resultBadge(call)}</span></li>`

/** Carried by the buyer's browser, so without a duration. */
export const isHandOver = ({ kind }: RecordedCall): boolean => kind === 'return' || kind === 'abort'

/** `+0.000`, `+12.345`, `+3:20`: seconds, from a minute on minutes and seconds. */
function formatOffset(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1_000
  if (seconds < 60) return seconds.toFixed(3)
  const whole = Math.floor(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return (whole < 3600 ? parts.slice(1) : parts)
    .map((part, index) => String(part).padStart(index === 0 ? 1 : 2, '0'))
    .join(':')
}

function arrow({ kind, result }: RecordedCall): SafeHtml {
  const { from, to } = kindText[kind]
  const [start, end] = [laneOf[from], laneOf[to]]
  const back = end > start ? -7 : 7
  return html`<svg viewBox="0 0 240 24" width="240" height="24" class="${result}" aria-hidden="true"><circle cx="${start}" cy="12" r="3.500"/><path d="M${start} 12H${end}M${end + back} 7.500L${end} 12l${back} 4.500"/></svg>`
}

export const timelineCss = `
.calls-timeline { margin-top: 18px; }
.calls-timeline ol { list-style: none; margin: 0; padding: 0; }
.lane-row { position: relative; display: grid; grid-template-columns: 76px 240px minmax(0, 1fr) auto; gap: 0 14px; align-items: center; min-height: 42px; padding: 0 8px; border-radius: var(--radius-small); }
.lane-row[aria-current] { background: var(--accent-soft); }
li.lane-row:hover { background: var(--ground); }
.lane-head { min-height: 26px; }
.lane-names { display: flex; }
.lane-names span { width: 25%; color: var(--ink-faint); font-size: 11px; line-height: 1.2; text-align: center; }
.lane { align-self: stretch; display: flex; align-items: center; background: linear-gradient(var(--line), var(--line)) 29px 0 / 2px 100% no-repeat, linear-gradient(var(--line), var(--line)) 89px 0 / 2px 100% no-repeat, linear-gradient(var(--line), var(--line)) 149px 0 / 2px 100% no-repeat, linear-gradient(var(--line), var(--line)) 209px 0 / 2px 100% no-repeat; }
.lane svg { display: block; fill: none; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.lane .ok { stroke: var(--success); color: var(--success); } .lane .rejected { stroke: var(--warning); color: var(--warning); } .lane .failed { stroke: var(--danger); color: var(--danger); }
.lane circle { fill: currentColor; stroke: none; }
.lane-pause { min-height: 32px; }
.offset { text-align: right; }
.what .number { margin-left: 6px; } .what .way { display: none; }
@media (max-width: 760px) {
  .lane-row { grid-template-columns: 58px minmax(0, 1fr) auto; gap: 0 10px; padding: 9px 0; }
  .what .way { display: inline; }
  .lane-head, .lane-pause > :first-child, .lane { display: none; }
  .lane-pause { padding: 0 0 0 68px; min-height: 26px; grid-template-columns: 1fr; }
  .lane-row + .lane-row { border-top: 1px solid var(--line); border-radius: 0; }
}
`
