// Which part of a list is asked for.

/** Keyset paging by id. */
export type Page = { limit: number; after?: string | undefined };
/** Or by the number of the page, from 1. */
export type NumberedPage = Page & { page?: number | undefined };
