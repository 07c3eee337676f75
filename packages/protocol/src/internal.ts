// For the other packages of sspay only: may change in any release.

export { billKeyText } from './bill-key-text.ts'
export { passesLuhn } from './card-formats.ts'
export {
  findZoneMistake,
  type KoreanDay,
  koreanDayOf,
  koreanTime,
  readKoreanDay,
  shortTimestamp,
  wireTimestamp,
} from './korean-time.ts'
export { problemOf, textOf, wireNameOf, writeWritable } from './message-codec.ts'
export {
  type AcceptedRequest,
  generalInPlaceRequest,
  generalLayerRequest,
  inPlaceRequest,
  layerRequest,
} from './messages/accepted-request.ts'
export { callbackResult, echoedRequest } from './messages/authentication-return.ts'
export { legacyNotification } from './messages/notification.ts'
export {
  type NotOfferedRoute,
  notOfferedPaths,
  type OfferedRoute,
  offeredPaths,
  type ServicePath,
} from './service-paths.ts'
export { groupThousands } from './thousands.ts'
