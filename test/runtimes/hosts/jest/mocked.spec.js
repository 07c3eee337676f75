jest.mock('@sspay/merchant', () => ({ approve: jest.fn(async () => ({ outcome: 'approved' })) }))

test('a mocked package', async () => {
  const { approve } = require('./approve.js')
  expect(await approve()).toEqual({ outcome: 'approved' })
})
