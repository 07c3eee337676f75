import { asvsOther } from './asvs-other.ts'
import { asvsV1 } from './asvs-v1.ts'
import { asvsV2 } from './asvs-v2.ts'
import { asvsV3 } from './asvs-v3.ts'
import { asvsV4 } from './asvs-v4.ts'
import { asvsV6, asvsV6Factors } from './asvs-v6.ts'
import { asvsV7 } from './asvs-v7.ts'
import { asvsV8 } from './asvs-v8.ts'
import { asvsV11 } from './asvs-v11.ts'
import { asvsV12 } from './asvs-v12.ts'
import { asvsV13 } from './asvs-v13.ts'
import { asvsV14 } from './asvs-v14.ts'
import { asvsV15 } from './asvs-v15.ts'
import { asvsV16 } from './asvs-v16.ts'
import { asvsLevels, type Level } from './levels.ts'
import type { Requirement, Requirements, Status } from './model.ts'
import { pciDss } from './pci-dss.ts'

/** A chapter of the page. */
export interface Chapter {
  /** `V1`; PCI DSS has none. */
  readonly id: string
  readonly ko: string
  readonly en: string
  readonly requirements: Requirements
}

export const asvsChapters: readonly Chapter[] = [
  { id: 'V1', ko: '인코딩과 정화', en: 'Encoding and sanitization', requirements: asvsV1 },
  { id: 'V2', ko: '검증과 업무 규칙', en: 'Validation and business logic', requirements: asvsV2 },
  { id: 'V3', ko: '웹 화면', en: 'Web frontend', requirements: asvsV3 },
  { id: 'V4', ko: 'API와 웹 서비스', en: 'API and web service', requirements: asvsV4 },
  { id: 'V6', ko: '인증', en: 'Authentication', requirements: { ...asvsV6, ...asvsV6Factors } },
  { id: 'V7', ko: '세션', en: 'Sessions', requirements: asvsV7 },
  { id: 'V8', ko: '권한', en: 'Authorization', requirements: asvsV8 },
  { id: 'V11', ko: '암호', en: 'Cryptography', requirements: asvsV11 },
  { id: 'V12', ko: '통신', en: 'Communication', requirements: asvsV12 },
  { id: 'V13', ko: '설정', en: 'Configuration', requirements: asvsV13 },
  { id: 'V14', ko: '데이터 보호', en: 'Data protection', requirements: asvsV14 },
  { id: 'V15', ko: '안전한 코드와 구조', en: 'Secure coding and architecture', requirements: asvsV15 },
  { id: 'V16', ko: '로그와 오류', en: 'Logging and errors', requirements: asvsV16 },
]

/** V5, V9, V10 and V17. */
const asvsUnused: Chapter = {
  id: '',
  ko: '해당 없는 장: V5, V9, V10, V17',
  en: 'Chapters that do not apply: V5, V9, V10, V17',
  requirements: asvsOther,
}

export const pciChapter: Chapter = { id: '', ko: 'PCI DSS v4.0.1', en: 'PCI DSS v4.0.1', requirements: pciDss }

export const everyChapter: readonly Chapter[] = [...asvsChapters, asvsUnused, pciChapter]

/** The minimum share of applicable requirements with evidence; the rest are gaps. */
export const leastProven: Readonly<Partial<Record<Level, number>>> = { 1: 1, 2: 0.95 }

/** Requirements of one level, counted by status. */
export interface Summary {
  readonly applicable: number
  readonly byTest: number
  readonly byDocument: number
  readonly gaps: number
}

export function summarize(requirements: readonly Requirement[]): Summary {
  const count = (status: Status): number => requirements.filter(({ evidence }) => evidence.status === status).length
  const [byTest, byDocument, gaps] = [count('test'), count('document'), count('gap')]
  return { applicable: byTest + byDocument + gaps, byTest, byDocument, gaps }
}

const asvsRows = asvsChapters.flatMap(({ requirements }) => Object.entries(requirements))

export const requirementsOfLevel = (level: Level): readonly Requirement[] =>
  asvsRows.filter(([id]) => asvsLevels.get(id) === level).map(([, requirement]) => requirement)

export const levels: readonly Level[] = [1, 2, 3]
