// That nothing is under a path, told apart from that it cannot be looked for.

export const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** For a `catch`. @throws what else went wrong */
export function absentAsNull(error: unknown): null {
  if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
  throw error;
}
