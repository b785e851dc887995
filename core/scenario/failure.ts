/** What a person is told of anything thrown: an error with a code and, where the stack tells it,
 *  the line in their source. */

import {
  describeThrown,
  type ErrorPlace,
  StreamscopeError,
  UserFunctionError,
} from "../base/errors.ts";
import { siteInStack } from "../dsl/site.ts";

export function asFailure(thrown: unknown, source: string | null): StreamscopeError {
  const error =
    thrown instanceof StreamscopeError
      ? thrown
      : new UserFunctionError("USER_FUNCTION", describeThrown(thrown), { cause: thrown });
  return withLine(error, source);
}

/** The line in the person's source that threw, where the stack tells it. */
export function withLine(error: StreamscopeError, source: string | null): StreamscopeError {
  const thrown = error.cause instanceof StreamscopeError ? error.cause.cause : error.cause;
  const stack = thrown instanceof Error ? thrown.stack : error.stack;
  const found = source === null ? null : siteInStack(stack, source);
  if (found === null) return error;
  const place: ErrorPlace = { ...error.place, ...found };
  return new StreamscopeError(error.code, error.message, { place, cause: error.cause });
}
