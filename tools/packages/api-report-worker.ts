import { parentPort, workerData } from 'node:worker_threads'
import { readApi } from './api-report.ts'

parentPort?.postMessage(readApi(workerData))
