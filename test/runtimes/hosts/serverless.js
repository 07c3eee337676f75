import { DatabaseSync } from 'node:sqlite'
import serverlessExpress from '@codegenie/serverless-express'
import { expressCheckout } from '@sspay/merchant/express'
import { fastifyCheckout } from '@sspay/merchant/fastify'
import { honoCheckout } from '@sspay/merchant/hono'
import express from 'express'
import { fastify } from 'fastify'
import { Hono } from 'hono'
import { handle } from 'hono/aws-lambda'
import serverless from 'serverless-http'
import { openRuntimeShop } from './shop.js'

const shopWith = (settings) => openRuntimeShop(new DatabaseSync(':memory:'), settings)

function onExpress(settings) {
  const { checkout, orderAt } = shopWith(settings)
  const app = express()
  app.use(expressCheckout(checkout))
  app.use((incoming, outgoing) => outgoing.json(orderAt(incoming.path)))
  return app
}

function onFastify(settings) {
  const { checkout, orderAt } = shopWith(settings)
  const app = fastify()
  app.register(fastifyCheckout(checkout))
  app.get('/orders/*', async ({ url }) => orderAt(url))
  return app
}

function onHono(settings) {
  const { checkout, orderAt } = shopWith(settings)
  const app = new Hono()
  app.use(honoCheckout(checkout))
  app.get('/orders/*', (context) => context.json(orderAt(context.req.path)))
  return app
}

/** Handlers of AWS Lambda, by the wrapper that makes them. */
export const handlers = {
  'serverless-http, Express': (settings) => serverless(onExpress(settings)),
  'serverless-http, Fastify': (settings) => serverless(onFastify(settings)),
  '@codegenie/serverless-express, Express': (settings) => serverlessExpress({ app: onExpress(settings) }),
  'hono/aws-lambda, Hono': (settings) => handle(onHono(settings)),
}
