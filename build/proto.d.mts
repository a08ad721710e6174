/** Makes proto/gen from proto/*.proto unless it is up to date. */
export function generateProto(): void;
