// What is said of a body in another encoding: its bytes would otherwise be stored as U+FFFD, and nobody told.
export const NOT_UTF8 = 'the body is not UTF-8 text; encode the JSON as UTF-8';
