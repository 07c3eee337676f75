import { koreanTimestamp, wireTimestamp } from '../korean-time.ts'
import type { RecipeMistake } from './mistake.ts'
import { withPart } from './recipe.ts'

/** How far apart two times of one page load may lie. */
const mostSecondsApart = 15 * 60

const signedAt = (date: string, mistake: Pick<RecipeMistake, 'id' | 'ko' | 'en'>): RecipeMistake => ({
  ...mistake,
  kind: 'date',
  isWide: true,
  changes: (right) => [withPart(right, 'date', date)],
})

/** The page was signed at one moment and dated at another, or in another time zone. */
export function otherTimes(sent: string): readonly RecipeMistake[] {
  const dated = wireTimestamp.read(sent)
  if (dated === undefined) return []
  const at = (seconds: number): string => koreanTimestamp(new Date(dated.getTime() + seconds * 1000))
  const utc = signedAt(at(-9 * 3600), {
    id: 'date_utc',
    ko: 'EdiDate를 한국 시각이 아니라 UTC로 서명했습니다',
    en: 'signs EdiDate in UTC, not in Korean time',
  })
  const nearby = Array.from({ length: mostSecondsApart }, (_second, index) => [-index - 1, index + 1]).flat()
  return [utc, ...nearby.map((seconds) => regenerated(at(seconds)))]
}

const regenerated = (date: string): RecipeMistake =>
  signedAt(date, {
    id: 'date_regenerated',
    ko: `서명한 EdiDate(${date})와 보낸 EdiDate가 다릅니다. 한 번 만든 값을 그대로 보내세요`,
    en: `signs another EdiDate (${date}) than it sends: make it once and send the same`,
  })
