// A secret may be a file: NAME_FILE names the one that holds what NAME would, as Docker and Kubernetes mount them.
import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';

/** Every setting that may hold a secret. */
export const secretSettings = [
  'ADMIN_API_KEY',
  'SESSION_SECRET',
  'OIDC_CLIENT_SECRET',
  'DATABASE_URL',
  'DATABASE_PASSWORD',
  'OPENAI_API_KEY',
  'OPENAI_ORG_ID',
  'OPENAI_PROJECT_ID',
  'OPENAI_BASE_URL',
  'OPENAI_WEBHOOK_SECRET',
  'AZURE_OPENAI_API_KEY',
  'HTTPS_PROXY',
  'HTTP_PROXY',
];

export type SecretFiles = { values: Record<string, string>; problems: string[] };

/** The values that are given as files, without the line breaks that editors leave at the end. */
export function readSecretFiles(
  env: Record<string, string | undefined>,
  names: readonly string[] = secretSettings,
): SecretFiles {
  const found: SecretFiles = { values: {}, problems: [] };
  for (const name of new Set(names)) {
    const path = env[`${name}_FILE`];
    if (!path) continue;
    try {
      if (env[name]) throw new Error(`is given beside ${name}; keep one of them`);
      found.values[name] = contentOf(path);
    } catch (error) {
      found.problems.push(`${name}_FILE: ${error instanceof Error ? error.message : error}`);
    }
  }
  return found;
}

function contentOf(path: string): string {
  // Whoever takes NAME_FILE for NAME puts the secret itself there.
  const named = isAbsolute(path) ? path : 'the file that it names, by a path that is not absolute,';
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/[\r\n]+$/, '');
  } catch (error) {
    throw new Error(`${named} ${inWords(error)}`, { cause: error });
  }
  if (text === '') throw new Error(`${named} is empty`);
  return text;
}

/** Why a file cannot be read, after its name. */
export function inWords(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  switch (code) {
    case 'ENOENT':
      return 'is not there';
    case 'EACCES':
      return 'may not be read by this user';
    case 'EISDIR':
      return 'is a directory, which Docker makes where the file to mount is missing';
    default:
      return `cannot be read (${code})`;
  }
}
