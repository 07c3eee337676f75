/** `1,004`: a whole number as Korean and English write it. Without ICU, which is slow to load. */
export const groupThousands = (whole: number): string => String(whole).replace(/\B(?=(\d{3})+$)/g, ',')
