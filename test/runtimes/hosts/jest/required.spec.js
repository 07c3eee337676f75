test('the package itself', () => {
  const { defineMerchant } = require('./approve.js')
  expect(() => defineMerchant({ merchantId: 'x' })).toThrow('ten letters and digits')
})
