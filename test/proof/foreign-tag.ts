// How what a test plants as another installation's is marked.

/** Its deployment. */
export const ELSEWHERE = 'elsewhere';
/** Its finetuning. */
export const STRANGE_OWNER = 'f'.repeat(24);
