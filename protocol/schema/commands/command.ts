import type { TObject, TSchema } from '@sinclair/typebox';

/**
 * The forms of one command: of what is asked, and of the events that come of it, by their type and
 * without their header.
 */
export interface CommandSchemas<Body extends TSchema = TSchema> {
  readonly body: Body;
  readonly events: Readonly<Record<string, TObject>>;
}
