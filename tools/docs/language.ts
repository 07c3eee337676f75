/** Korean is the first language of the documentation; each page has a twin in the other. */
export const languages = ['ko', 'en'] as const

export type Language = (typeof languages)[number]
