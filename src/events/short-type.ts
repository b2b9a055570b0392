/**
 * An event type as people call it, without what all types begin with: "status-callback.call.ringing". A type that has
 * nothing behind that keeps the last word of it.
 */
export const briefType = (type: string): string => type.trim().replace(/^com\.twilio\.(?:voice\.)?(?=\S)/, "");
