import { privateBlocks } from '../functions/domain/model/public-blocks.ts';

export const privateBlocksAwk = (): string => `n = split("${privateBlocks.join(' ')}", private_block, " ")`;
