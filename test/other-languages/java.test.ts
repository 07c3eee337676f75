import { java } from './languages.ts'
import { shopContract } from './shop-contract.ts'

shopContract(java)
