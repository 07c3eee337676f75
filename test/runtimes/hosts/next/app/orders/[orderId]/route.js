import { openShop } from '../../../open-shop.js'

export const GET = (request) => openShop().fetch(request)
