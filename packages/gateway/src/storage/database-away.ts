/** The retry budget is used up and the database is still away: nothing is wrong with what it was asked. */
export class DatabaseAwayError extends Error {}
