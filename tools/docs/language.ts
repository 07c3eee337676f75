/** Korean is the default language of the documentation; each page has an English twin. */
export const languages = ['ko', 'en'] as const

export type Language = (typeof languages)[number]
