/** Phones, tablets, and apps that show pages in a browser of their own: KakaoTalk, NAVER, Facebook, Instagram, LINE. */
const inPlaceBrowsers = /Mobi|Android|iP(hone|ad|od)|KAKAOTALK|NAVER\(|FBA[NV]|Instagram|\bLine\/|SamsungBrowser/i

/**
 * Whether a browser of this name shows the payment window in place of the page (the guide's Mobile) and not in a layer
 * over it (PC).
 */
export const opensInPlace = (userAgent: string): boolean => inPlaceBrowsers.test(userAgent)
