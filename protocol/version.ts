/**
 * The version of the conversation between widget and server. Raised when an older side would
 * misread a newer one.
 */
export const PROTOCOL_VERSION = 1;

/**
 * The versions that this server still speaks: the present one and, once there is one, the one
 * before.
 */
export const SPOKEN_VERSIONS: readonly number[] = [PROTOCOL_VERSION];

/** The Socket.IO namespace of people in rooms. */
export const PEOPLE_NAMESPACE = '/v1';

/** Where Engine.IO listens. */
export const SOCKET_PATH = '/v1/socket';
