import { php } from './languages.ts'
import { shopContract } from './shop-contract.ts'

shopContract(php)
