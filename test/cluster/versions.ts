/**
 * Whether a server of this version does what came with `major.minor`. Teleport's master of August 2024 calls itself 17.0.0-dev, but stands
 * between 16.1 and 17.0 (versions, Development builds).
 */
export function isSince(version: string, major: number, minor = 0): boolean {
  const [own, ownMinor] = version.startsWith('17.0.0-dev') ? [16, 1] : (version.split('.').map(Number) as [number, number]);
  return own > major || (own === major && ownMinor >= minor);
}
