/**
 * True under `npm run test:thorough`: each proof that takes long then goes through every case it has. Otherwise it goes through a part
 * that still meets every point, field and screen.
 */
export const isThorough: boolean = process.env.SSPAY_THOROUGH === '1'
