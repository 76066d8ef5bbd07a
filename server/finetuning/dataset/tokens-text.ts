// A number of tokens in words: an estimate says that it is one, and how far it may be off.

/** @param margin as a part of them; 0: they are exact. */
export const tokensText = (tokens: number, margin: number): string => {
  const counted = `${tokens.toLocaleString('en-US')} ${tokens === 1 ? 'token' : 'tokens'}`;
  return margin === 0 ? counted : `about ${counted} (estimate, ±${Math.round(margin * 100)} %)`;
};
