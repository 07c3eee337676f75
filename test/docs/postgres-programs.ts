// Stands in for createdb, dropdb, dropuser and psql, which the PostgreSQL of npm does not bring: NAME ARGUMENT...
import { readFileSync } from 'node:fs'
import { runSql } from '../support/run-sql.ts'

const [program, ...words] = process.argv.slice(2)
const address = new URL(process.env.ADMINISTRATOR_URL ?? '')
const name = words.findLast((word) => !word.startsWith('--')) ?? ''

if (program === 'createdb') await runSql(address.href, `create database ${name}`)
if (program === 'dropdb') await runSql(address.href, `drop database ${name}`)
if (program === 'dropuser') await runSql(address.href, `drop role ${name}`)
if (program === 'psql') {
  address.pathname = words.find((word) => word.startsWith('--dbname='))?.slice('--dbname='.length) ?? ''
  await runSql(address.href, readFileSync(0, 'utf8'))
}
