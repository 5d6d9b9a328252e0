/**
 * The version of the conversation between widget and server. Raised when an older side would
 * misread a newer one.
 */
export const PROTOCOL_VERSION = 2;

/**
 * The versions that a server speaks: the present one and the one before, which
 * timeline/version-1.ts turns into the present one and back.
 */
export const SPOKEN_VERSIONS: readonly number[] = [PROTOCOL_VERSION, 1];

/** The Socket.IO namespace of people in rooms. */
export const PEOPLE_NAMESPACE = '/v1';

/** Where Engine.IO listens. */
export const SOCKET_PATH = '/v1/socket';
