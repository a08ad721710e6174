/** 64-bit integers as protobufjs hands them out. */
export type WireInteger = number | { toNumber(): number } | null | undefined;

export interface WireTimestamp {
  readonly seconds?: WireInteger;
  readonly nanos?: number | null;
}

/** Go's zero time, the first second of year 1: stands for "not set" (login-and-auth §7.0). */
const unsetSeconds = -62_135_596_800;
/** The last moment that JavaScript's Date can hold. */
const lastDate = 8_640_000_000_000_000;

/** As a number; above 2^53 the nearest one. */
export function integerOf(value: WireInteger): number {
  if (value === null || value === undefined) return 0;
  return typeof value === 'number' ? value : value.toNumber();
}

/** Milliseconds since the epoch; null when it is absent, Go's zero time, or no date at all. */
export function millisOf(value: WireTimestamp | null | undefined): number | null {
  if (!value) return null;
  const seconds = integerOf(value.seconds);
  const millis = seconds * 1000 + Math.floor((value.nanos ?? 0) / 1_000_000);
  return seconds <= unsetSeconds || Math.abs(millis) > lastDate || Number.isNaN(millis) ? null : millis;
}

export function timestampOf(millis: number): { seconds: number; nanos: number } {
  const seconds = Math.floor(millis / 1000);
  return { seconds, nanos: Math.round((millis - seconds * 1000) * 1_000_000) };
}
