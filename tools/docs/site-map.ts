import type { LocalizedText } from '../../packages/protocol/src/field-table.ts'

/**
 * A group of the side bar. `pages`: addresses in their order; those of the folders that are not named follow by title.
 */
export interface SiteGroup extends LocalizedText {
  /** Address of the group on the site, without leading and trailing slash. */
  readonly folder: string
  readonly pages: readonly string[]
  readonly isCollapsed?: boolean
}

/** The side bar from top to bottom. The build fails for a page without a group. */
export const siteGroups: readonly SiteGroup[] = [
  {
    folder: 'start',
    ko: '시작하기',
    en: 'Start',
    pages: [
      'index',
      'packages',
      'express',
      'fastify',
      'hono',
      'next',
      'nest',
      'javascript',
      'php',
      'java',
      'jsp',
      'python',
    ],
  },
  {
    folder: 'guides',
    ko: '안내서',
    en: 'Guides',
    pages: [
      'faq',
      'recovery',
      'return',
      'browsers',
      'cancellation',
      'bill-keys',
      'members',
      'identity',
      'runtimes',
      'testing',
      'faults',
      'migration',
      'signatures',
      'openapi',
      'going-live',
      'operating-tasks',
      'operating',
      'backup',
      'reconciliation',
      'security-events',
      'high-availability',
      'cli',
    ],
  },
  { folder: 'runbooks', ko: '알림에 대응하기', en: 'Runbooks', pages: ['index'], isCollapsed: true },
  {
    folder: 'reference',
    ko: '찾아보기',
    en: 'Reference',
    pages: [
      'errors',
      'outcomes',
      'decisions',
      'checkout-options',
      'controls',
      'asvs',
      'tampering',
      'payment-window',
      'cards',
      'glossary',
      'wire-questions',
      'architecture',
      'benchmarks',
    ],
  },
  {
    folder: 'examples',
    ko: '예제의 모든 파일',
    en: 'Examples, whole',
    pages: ['express', 'fastify', 'hono', 'next', 'nest', 'javascript', 'php', 'java', 'jsp', 'python'],
    isCollapsed: true,
  },
  { folder: 'protocol', ko: '전문 명세', en: 'Protocol', pages: ['index', 'payment-request'], isCollapsed: true },
  { folder: 'api', ko: 'API', en: 'API', pages: ['merchant', 'browser', 'protocol'], isCollapsed: true },
  { folder: 'decisions', ko: '결정', en: 'Decisions', pages: ['index'], isCollapsed: true },
]

/**
 * Pages outside the language folders, with their address; `*` is kept. `NAME.ko.md` beside one is its Korean twin.
 */
export const sharedPages: Readonly<Record<string, string>> = {
  'docs/glossary.md': 'reference/glossary',
  'docs/wire-questions.md': 'reference/wire-questions',
  'docs/security/controls.md': 'reference/controls',
  'docs/security/asvs.md': 'reference/asvs',
  'docs/security/tampering.md': 'reference/tampering',
  'docs/security/payment-window.md': 'reference/payment-window',
  'docs/security/cards.md': 'reference/cards',
  'docs/benchmarks.md': 'reference/benchmarks',
  'ARCHITECTURE.md': 'reference/architecture',
  'docs/decisions/*.md': 'decisions/*',
  'packages/*/api.md': 'api/*',
}

/** Files of one language: `docs/{folder}/{language}/*.md`. */
export const pageFolders = ['start', 'guides', 'runbooks', 'reference'] as const

/** Linked files that the site serves at its root, as they are. */
export const servedFiles: readonly string[] = ['docs/protocol/openapi.json', 'docs/protocol/asyncapi.json']

/** Linked files that the site shows on a page of their own. */
export const shownSources =
  /^(examples\/.+\.(tsx?|js|json|php|java|jspf?|xml|py|md|http)|packages\/protocol\/vectors\/.+\.json)$/
