/** All merchants share this text, so what is made with it is a checksum, not a signature (Q68). */
export const billKeyText = 'SMARTRO!@#'
