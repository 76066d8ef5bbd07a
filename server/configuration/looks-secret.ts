// Whether a text that should hold no secret looks as if it did, so that it is neither used nor shown.

/** As the keys of well-known services begin. What follows tells them from names: figures, or letters of both cases. */
const BEGINNING =
  /^(sk|pk|rk|gsk|xai|hf|nvapi|ghp|gho|glpat|github_pat|fw|tgp|v1)[-_.](?=[\w-]*(\d|[a-z][\w-]*[A-Z]|[A-Z][\w-]*[a-z]))[\w-]{16,}/;
const WITHOUT_SEPARATOR = /^(AKIA[A-Z\d]{16}|AIza[\w-]{30,}|whsec_\w{4,})/;
/** A token of the web. */
const TOKEN = /^eyJ[\w-]{8,}(\.[\w-]+)+/;
/** Letters and figures alone, in any order, and more of them than a name has. */
const AT_RANDOM = /^(?=.*\d)(?=.*[a-z])[a-z\d]{28,}$/i;
/** What parts a text into what may be a key. */
const BETWEEN = /[\s"'=:@?&,;/]+/;

/** Of a text that may hold anything, the hash of a commit too. */
export const holdsKey = (text: string): boolean =>
  text.split(BETWEEN).some((word) => [BEGINNING, WITHOUT_SEPARATOR, TOKEN].some((form) => form.test(word)));

export const looksSecret = (text: string): boolean =>
  holdsKey(text) || text.split(BETWEEN).some((word) => AT_RANDOM.test(word));
