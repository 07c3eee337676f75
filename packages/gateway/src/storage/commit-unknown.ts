/** The connection broke while the database was committing: nobody here knows whether it did. */
export class CommitUnknownError extends Error {}
