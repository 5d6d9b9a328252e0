/**
 * What keeping a room whole under faults needs: whom a site no longer admits, and shapes whose
 * author vanished.
 */
export const faults = `
-- Persons and tokens that a site does not admit any more, though a good key signed for them.
CREATE TABLE revocation (
  site TEXT NOT NULL REFERENCES site (id),
  kind TEXT NOT NULL, -- person, token
  subject TEXT NOT NULL, -- the person's id, or the token's jti
  revoked_at INTEGER NOT NULL,
  until INTEGER, -- when it ends by itself
  PRIMARY KEY (site, kind, subject)
) STRICT, WITHOUT ROWID;

-- What has ended is found without looking through those that never do.
CREATE INDEX revocation_end ON revocation (until) WHERE until IS NOT NULL;

-- Of a revoked public key, so that it does not come back under another id. Whatever was revoked before has none.
ALTER TABLE site_key ADD COLUMN fingerprint TEXT;

-- Its author vanished while drawing it, and has not completed it.
ALTER TABLE shape ADD COLUMN partial INTEGER NOT NULL DEFAULT 0;
`;
