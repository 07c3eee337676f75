import { python } from './languages.ts'
import { shopContract } from './shop-contract.ts'

shopContract(python)
