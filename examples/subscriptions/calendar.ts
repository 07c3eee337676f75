/** 한국 날짜, `2026-01-31`. 글자로 비교해도 순서가 맞습니다. */
export type Day = string

export const dayOf = (at: Date): Day => new Date(at.getTime() + 9 * 60 * 60 * 1000).toISOString().slice(0, 10)

const written = (date: Date): Day => date.toISOString().slice(0, 10)

export function addDays(day: Day, days: number): Day {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return written(date)
}

/**
 * 구독의 `cycle`번째 결제일. 0이 시작한 날입니다. 그 날짜가 없는 달에는 말일이고, 다음 달에는 원래 날짜로 돌아옵니다:
 * 1월 31일, 2월 28일, 3월 31일.
 */
export function cycleDay(startedOn: Day, cycle: number): Day {
  const [year = 0, month = 0, date = 0] = startedOn.split('-').map(Number)
  const lastDate = new Date(Date.UTC(year, month + cycle, 0)).getUTCDate()
  return written(new Date(Date.UTC(year, month - 1 + cycle, Math.min(date, lastDate))))
}

/** `day`나 그 뒤에 오는 첫 회차. */
export function firstCycleFrom(startedOn: Day, day: Day): number {
  let cycle = 0
  while (cycleDay(startedOn, cycle) < day) cycle++
  return cycle
}

/** 카드는 유효기간(YYMM)의 달이 끝날 때까지 쓸 수 있습니다. 유효기간을 모르면 카드사가 판단합니다. */
export const isExpired = (cardExpiry: string | null, day: Day): boolean =>
  cardExpiry !== null && `20${cardExpiry.slice(0, 2)}-${cardExpiry.slice(2)}` < day.slice(0, 7)
