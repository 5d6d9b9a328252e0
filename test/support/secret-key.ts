/** The secret key of every server under test. */
export const SECRET_KEY = 'a secret key of the tests, long enough to be one';
