const { approve, defineMerchant } = require('@sspay/merchant')

module.exports = { approve: (...given) => approve(...given), defineMerchant }
