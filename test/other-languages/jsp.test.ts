import { jsp } from './languages.ts'
import { shopContract } from './shop-contract.ts'

shopContract(jsp)
